// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What a person sees of a download, and what one can do about it.

#include "tests/auto/session/slowshop.h"

#include <QSignalSpy>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using State = Updater::State;

namespace {

constexpr qint64 MB = 1'000'000;

} // namespace

class TestUpdaterDownload : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsRateAndTimeLeft();
    void nothingComesAnyMore();
    void whatWasThereIsNoRate();
    void pausesAndGoesOn();
    void pausedAtOnce();
    void pauseEndsWithTheDownload();
    void pauseIsForDownloads();
    void cancelsAPausedDownload();
    void tellsOfInterruptions();
    void anInterruptionIsNoPersonsBusinessWhereNobodyAsked();
    void slowsDown();

private:
    static bool downloads(UpdaterFixture &app, qint64 bytes = 1)
    {
        return app.answersUntil([&] {
            return app.state() == State::Downloading && app.updater().bytesDone() >= bytes;
        });
    }
};

void TestUpdaterDownload::tellsRateAndTimeLeft()
{
    UpdaterFixture app;
    SlowShop shop(app);
    shop.serve(4 * MB);
    QVERIFY(app.start());
    QCOMPARE(app.updater().bytesPerSecond(), 0);
    QCOMPARE(app.updater().secondsLeft(), -1);
    app.updater().checkForUpdates();
    QVERIFY(downloads(app));
    QVERIFY(app.answersUntil([&] { return app.updater().bytesPerSecond() > 0; }));
    QVERIFY2(app.updater().bytesPerSecond() > 2 * MB && app.updater().bytesPerSecond() < 8 * MB,
             qPrintable(QString::number(app.updater().bytesPerSecond())));
    const qint64 remaining = app.updater().bytesTotal() - app.updater().bytesDone();
    const qint64 left = remaining / app.updater().bytesPerSecond();
    QVERIFY(qAbs(app.updater().secondsLeft() - left) <= 1);
    app.updater().cancel();
    QCOMPARE(app.updater().bytesPerSecond(), 0);
    QCOMPARE(app.updater().secondsLeft(), -1);
}

// The updater says so by itself.
void TestUpdaterDownload::nothingComesAnyMore()
{
    UpdaterFixture app;
    SlowShop shop(app);
    shop.answer.ranges = FaultAnswer::Ranges::Ignored;
    shop.answer.stallAfter = 4 * MB;
    shop.serve(2 * MB);
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.answersUntil([&] { return app.updater().bytesPerSecond() > 0; }));
    QVERIFY(downloads(app, 4 * MB));
    QVERIFY(app.answersUntil([&] { return app.updater().bytesPerSecond() == 0; }));
    QCOMPARE(app.updater().secondsLeft(), -1);
    QCOMPARE(app.state(), State::Downloading);
}

// Half of the package comes at once, and belongs to a download of the app's life before.
void TestUpdaterDownload::whatWasThereIsNoRate()
{
    UpdaterFixture app;
    SlowShop shop(app);
    shop.serve(8 * MB);
    QVERIFY(app.start());
    app.updater().setAutomaticallyChecks(false); // so that nothing is asked at the next start
    app.updater().checkForUpdates();
    QVERIFY(downloads(app, shop.length() / 2));
    shop.serve(MB);
    app.restart();
    app.updater().checkForUpdates();
    QVERIFY(downloads(app, shop.length() / 2));
    const qint64 atFirst = app.updater().bytesDone();
    QVERIFY(app.answersUntil([&] { return app.updater().bytesPerSecond() > 0; }));
    QVERIFY(atFirst < shop.length() * 3 / 4);
    QVERIFY2(app.updater().bytesPerSecond() < 3 * MB,
             qPrintable(QString::number(app.updater().bytesPerSecond())));
    QVERIFY(app.updater().secondsLeft() > 3);
}

void TestUpdaterDownload::pausesAndGoesOn()
{
    UpdaterFixture app;
    SlowShop shop(app);
    shop.serve(4 * MB);
    QVERIFY(app.start());
    QSignalSpy changes(&app.updater(), &Updater::downloadPausedChanged);
    app.updater().checkForUpdates();
    QVERIFY(downloads(app, MB));
    app.updater().setDownloadPaused(true);
    app.updater().setDownloadPaused(true);
    QVERIFY(app.updater().isDownloadPaused());
    QCOMPARE(changes.size(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(shop.server.connections(), 0, 60'000);
    QCOMPARE(app.state(), State::Downloading);
    QCOMPARE(app.updater().bytesPerSecond(), 0);
    QCOMPARE(app.updater().secondsLeft(), -1);
    const int requests = shop.server.requests(shop.path);
    const qint64 done = app.updater().bytesDone();
    shop.serve({});
    QSignalSpy progress(&app.updater(), &Updater::progressChanged);
    QVERIFY(!progress.wait(1500));
    QCOMPARE(shop.server.requests(shop.path), requests);
    QCOMPARE(app.updater().bytesDone(), done);
    app.updater().setDownloadPaused(false);
    QCOMPARE(changes.size(), 2);
    QVERIFY(app.reaches(State::ReadyToInstall));
    QVERIFY(shop.server.requests(shop.path) > requests);
    QVERIFY(!app.updater().isDownloadPaused());
    QCOMPARE(changes.size(), 2);
}

// Before the download knows what is there.
void TestUpdaterDownload::pausedAtOnce()
{
    UpdaterFixture app;
    SlowShop shop(app);
    shop.serve({});
    QVERIFY(app.start());
    connect(&app.updater(), &Updater::stateChanged, this, [&] {
        if (app.state() == State::Downloading)
            app.updater().setDownloadPaused(true);
    });
    app.updater().checkForUpdates();
    QVERIFY(app.answersUntil([&] { return app.updater().bytesTotal() > 0; }));
    QVERIFY(app.updater().isDownloadPaused());
    QCOMPARE(shop.server.requests(shop.path), 0);
    app.updater().disconnect(this);
    app.updater().setDownloadPaused(false);
    QVERIFY(app.reaches(State::ReadyToInstall));
}

// All of it is there already.
void TestUpdaterDownload::pauseEndsWithTheDownload()
{
    UpdaterFixture app;
    QVERIFY(app.start());
    connect(&app.updater(), &Updater::progressChanged, this, [&] {
        if (app.state() == State::Downloading && app.updater().bytesDone() > 0
            && app.updater().bytesDone() == app.updater().bytesTotal())
            QMetaObject::invokeMethod(
                &app.updater(), [&] { app.updater().setDownloadPaused(true); },
                Qt::QueuedConnection);
    });
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::ReadyToInstall));
    QVERIFY(!app.updater().isDownloadPaused());
}

void TestUpdaterDownload::pauseIsForDownloads()
{
    UpdaterFixture app;
    QVERIFY(app.start());
    app.updater().setDownloadPaused(true);
    QVERIFY(!app.updater().isDownloadPaused());
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
    app.updater().setDownloadPaused(true);
    QVERIFY(!app.updater().isDownloadPaused());
    QVERIFY(app.reaches(State::ReadyToInstall));
}

void TestUpdaterDownload::cancelsAPausedDownload()
{
    UpdaterFixture app;
    SlowShop shop(app);
    shop.serve(4 * MB);
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(downloads(app));
    app.updater().setDownloadPaused(true);
    app.updater().cancel();
    QCOMPARE(app.state(), State::Idle);
    QVERIFY(!app.updater().isDownloadPaused());
    shop.serve({});
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::ReadyToInstall));
}

void TestUpdaterDownload::tellsOfInterruptions()
{
    UpdaterFixture app;
    SlowShop shop(app);
    FaultAnswer busy;
    busy.status = 503;
    busy.retryAfter = "1";
    shop.server.serve(shop.path, {busy, shop.answer});
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.answersUntil([&] { return app.driver.heard.contains(u"interrupted HTTP_STATUS"_s); }));
    QCOMPARE(app.state(), State::Downloading);
    QCOMPARE(app.updater().bytesPerSecond(), 0);
    QCOMPARE(app.driver.waits.last(), 1);
    app.driver.heard.clear();
    QVERIFY(app.reaches(State::ReadyToInstall));
    QCOMPARE(app.driver.heard.first(), u"progress Downloading"_s);
}

void TestUpdaterDownload::anInterruptionIsNoPersonsBusinessWhereNobodyAsked()
{
    UpdaterFixture app;
    SlowShop shop(app);
    FaultAnswer busy;
    busy.status = 503;
    shop.server.serve(shop.path, {busy, shop.answer});
    app.settings.setValue(u"Freshen/AutomaticallyDownloads"_s, true);
    QVERIFY(app.start());
    app.updater().checkForUpdatesInBackground();
    QVERIFY(app.reaches(State::WaitingForQuit));
    QVERIFY(shop.server.requests(shop.path) > 1);
    QCOMPARE(app.driver.heard, QStringList{u"dismiss"_s});
}

void TestUpdaterDownload::slowsDown()
{
    UpdaterFixture app;
    SlowShop shop(app);
    shop.serve(8 * MB);
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(downloads(app));
    QSignalSpy settings(&app.updater(), &Updater::settingsChanged);
    app.updater().setMaximumDownloadRate(MB / 2);
    QCOMPARE(settings.size(), 1);
    QCOMPARE(app.settings.value(u"Freshen/MaximumDownloadRate"_s).toLongLong(), MB / 2);
    const qint64 before = app.updater().bytesDone();
    QElapsedTimer timer;
    timer.start();
    QVERIFY(downloads(app, before + 2 * MB));
    QVERIFY2(timer.elapsed() > 2000, qPrintable(QString::number(timer.elapsed())));
    app.updater().setMaximumDownloadRate(0);
    QVERIFY(app.reaches(State::ReadyToInstall));
    QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
}

QTEST_GUILESS_MAIN(TestUpdaterDownload)
#include "tst_updaterdownload.moc"
