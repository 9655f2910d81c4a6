// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What happens while an update waits for the app to quit.

#include "tests/auto/session/updaterfixture.h"
#include "tests/support/virtualclock.h"

#include <QScopeGuard>
#include <QSignalSpy>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using State = Updater::State;
using InstallTime = UserDriver::InstallTime;

class TestUpdaterWaiting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void personChangesTheirMind();
    void nobodyAnswersAnyMore();
    void informationIsKnown();
    void remindsAfterAWeek();
    void personWhoAnsweredIsRemindedToo();
    void remindsAfterAClockThatWasWrong();
    void newerReleaseTakesItsPlace();
    void withdrawnReleaseIsGivenUp();
    void failedCheckChangesNothing();
    void cancelledByWhoHearsOfTheCheck_data();
    void cancelledByWhoHearsOfTheCheck();
    void isPutOff_data();
    void isPutOff();
    void putOffUntilTheNextStart();
    void putOffButWithdrawn();
    void putOffButInstalledOtherwise();
    void deadlineComesWithoutBeingAskedFor();
    void notesAreKeptForTheFirstStart();

private:
    // The app has downloaded 2.0 by itself and says nothing.
    void wait(UpdaterFixture &app);
    // Lets days pass, with a check in each.
    bool pass(UpdaterFixture &app, std::chrono::hours time);
    bool isArmed(const UpdaterFixture &app) const
    {
        return QFile::exists(QString::fromStdString(app.layout.journal().string()));
    }

    std::unique_ptr<VirtualClock> m_clock;
    QByteArray m_feed;
};

void TestUpdaterWaiting::init()
{
    m_feed = readAll(UpdaterFixture::shop().host() + u"/appcast.xml"_s);
    m_clock = std::make_unique<VirtualClock>(QDateTime::currentDateTimeUtc());
}

void TestUpdaterWaiting::cleanup()
{
    writeAll(UpdaterFixture::shop().host() + u"/appcast.xml"_s, m_feed);
    m_clock.reset();
}

void TestUpdaterWaiting::wait(UpdaterFixture &app)
{
    app.settings.setValue(u"Freshen/AutomaticallyChecks"_s, true);
    app.settings.setValue(u"Freshen/AutomaticallyDownloads"_s, true);
    QVERIFY(app.start());
    app.updater().checkForUpdatesInBackground();
    QVERIFY(QTest::qWaitFor([&] { return app.state() == State::WaitingForQuit; }, 60'000));
    QCOMPARE(app.driver.takeHeard(), QStringList{u"dismiss"_s});
    QVERIFY(isArmed(app));
}

bool TestUpdaterWaiting::pass(UpdaterFixture &app, std::chrono::hours time)
{
    QDateTime due;
    bool isWell = true;
    const auto connection = connect(&app.updater(), &Updater::checkScheduled, this,
                                    [&, next = QDateTime()](const QDateTime &at) mutable {
                                        due = std::exchange(next, at);
                                    });
    m_clock->pass(time, [&] {
        const QDateTime now = m_clock->now();
        isWell = isWell && QTest::qWaitFor([&] {
            const bool isQuiet = app.state() == State::Idle || app.state() == State::WaitingForQuit
                || app.state() == State::ReadyToInstall;
            const bool hasChecked = !due.isValid() || due > now
                || app.updater().lastCheckTime() == now || app.state() == State::ReadyToInstall;
            return isQuiet && hasChecked;
        }, 60'000);
    });
    disconnect(connection);
    return isWell;
}

void TestUpdaterWaiting::personChangesTheirMind()
{
    UpdaterFixture app;
    wait(app);
    QVERIFY(app.updater().canCheckForUpdates());
    app.updater().checkForUpdates();
    QCOMPARE(app.state(), State::ReadyToInstall);
    QCOMPARE(app.driver.takeHeard(), (QStringList{u"ready 2.0"_s, u"attention"_s}));
    app.driver.install(InstallTime::OnQuit);
    QCOMPARE(app.state(), State::WaitingForQuit);
    app.updater().checkForUpdates();
    app.driver.takeHeard();
    app.driver.install(InstallTime::Now);
    QCOMPARE(app.state(), State::Installing);
    QCOMPARE(app.driver.heard.last(), u"quit"_s);
    QCOMPARE(app.network.requests[u"appcast.xml"_s], 1);
}

// What was decided before the question was asked again holds.
void TestUpdaterWaiting::nobodyAnswersAnyMore()
{
    UpdaterFixture app;
    wait(app);
    app.updater().checkForUpdates();
    QCOMPARE(app.state(), State::ReadyToInstall);
    app.updater().setUserDriver(nullptr);
    QCOMPARE(app.state(), State::WaitingForQuit);
    QVERIFY(isArmed(app));
}

void TestUpdaterWaiting::informationIsKnown()
{
    UpdaterFixture app;
    wait(app);
    QSignalSpy checked(&app.updater(), &Updater::checkFinished);
    app.updater().checkForUpdateInformation();
    QCOMPARE(checked.count(), 1);
    QCOMPARE(checked.first().first().toBool(), true);
    QCOMPARE(app.state(), State::WaitingForQuit);
    QCOMPARE(app.updater().availableRelease().version(), u"2.0"_s);
}

void TestUpdaterWaiting::remindsAfterAWeek()
{
    UpdaterFixture app;
    wait(app);
    QVERIFY(pass(app, 6 * 24h));
    QCOMPARE(app.driver.heard, QStringList());
    const int checks = app.network.requests[u"appcast.xml"_s];
    QVERIFY2(checks >= 5 && checks <= 8, qPrintable(QString::number(checks)));
    QVERIFY(pass(app, 3 * 24h));
    QCOMPARE(app.driver.takeHeard(), QStringList{u"ready 2.0"_s});
    QCOMPARE(app.state(), State::ReadyToInstall);
    // Not today: the next reminder comes after another week.
    app.driver.install(InstallTime::OnQuit);
    app.driver.takeHeard();
    QVERIFY(pass(app, 6 * 24h));
    QCOMPARE(app.driver.heard, QStringList());
    QVERIFY(isArmed(app));
}

void TestUpdaterWaiting::personWhoAnsweredIsRemindedToo()
{
    UpdaterFixture app;
    app.settings.setValue(u"Freshen/AutomaticallyChecks"_s, true);
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::WaitingForQuit));
    app.driver.takeHeard();
    QVERIFY(pass(app, 6 * 24h));
    QCOMPARE(app.driver.heard, QStringList());
    QVERIFY(pass(app, 3 * 24h));
    QCOMPARE(app.driver.heard, QStringList{u"ready 2.0"_s});
}

// Else the reminder would come in years.
void TestUpdaterWaiting::remindsAfterAClockThatWasWrong()
{
    UpdaterFixture app;
    app.settings.setValue(u"Freshen/AutomaticallyDownloads"_s, true);
    app.settings.setValue(u"Freshen/WaitingVersion"_s, u"2.0"_s);
    app.settings.setValue(u"Freshen/WaitingSince"_s, m_clock->now().addYears(3));
    QVERIFY(app.start());
    app.updater().checkForUpdatesInBackground();
    QVERIFY(QTest::qWaitFor([&] { return app.state() == State::ReadyToInstall; }, 60'000));
    QCOMPARE(app.driver.heard, QStringList{u"ready 2.0"_s});
}

void TestUpdaterWaiting::newerReleaseTakesItsPlace()
{
    UpdaterFixture app;
    wait(app);
    Workshop &shop = UpdaterFixture::shop();
    shop.release(u"3.0"_s);
    const auto restore = qScopeGuard([&shop] {
        for (const QString &ending : {u".tar.gz"_s, u".manifest"_s, u".manifest.minisig"_s})
            QFile::remove(shop.host() + u'/' + shop.packageName(u"3.0"_s, ending));
    });
    QVERIFY(pass(app, 2 * 24h));
    QVERIFY(QTest::qWaitFor([&] {
        return app.updater().availableRelease().version() == u"3.0"
            && app.state() == State::WaitingForQuit;
    }, 60'000));
    QCOMPARE(shop.freshen(u"status"_s).json[u"staged"_s].toString(), u"3.0"_s);
    QVERIFY(!app.driver.heard.contains(u"error CANCELLED"_s));
}

void TestUpdaterWaiting::withdrawnReleaseIsGivenUp()
{
    UpdaterFixture app;
    wait(app);
    UpdaterFixture::shop().editFeed(
        [](Appcast &feed) { feed.withdrawnVersions.append(u"2.0"_s); });
    QVERIFY(pass(app, 2 * 24h));
    QVERIFY(QTest::qWaitFor([&] { return app.state() == State::Idle; }, 60'000));
    QCOMPARE(app.updater().noUpdateReason(), u"withdrawn"_s);
    QVERIFY(app.updater().availableRelease().isNull());
    QVERIFY(!app.beside().contains(u"journal"_s));
    QVERIFY(!isArmed(app));
}

void TestUpdaterWaiting::failedCheckChangesNothing()
{
    UpdaterFixture app;
    wait(app);
    QSignalSpy failed(&app.updater(), &Updater::failed);
    app.network.diversions[u"appcast.xml"_s] = QUrl(UpdaterFixture::shop().url(u"missing"_s));
    const int before = app.network.requests[u"appcast.xml"_s];
    app.updater().checkForUpdatesInBackground();
    QVERIFY(QTest::qWaitFor([&] { return app.network.requests[u"appcast.xml"_s] > before; }));
    app.updater().checkForUpdatesInBackground();
    QVERIFY(QTest::qWaitFor([&] { return app.network.requests[u"appcast.xml"_s] > before + 1; }));
    QCOMPARE(app.state(), State::WaitingForQuit);
    QVERIFY(isArmed(app));
    QCOMPARE(failed.count(), 0);
    QCOMPARE(app.driver.heard, QStringList());
}

void TestUpdaterWaiting::cancelledByWhoHearsOfTheCheck_data()
{
    QTest::addColumn<bool>("waits");
    QTest::newRow("while an update waits") << true;
    QTest::newRow("at any other time") << false;
}

// In the middle of the signal.
void TestUpdaterWaiting::cancelledByWhoHearsOfTheCheck()
{
    QFETCH(bool, waits);
    UpdaterFixture app;
    app.settings.setValue(u"Freshen/AutomaticallyChecks"_s, true);
    if (waits)
        wait(app);
    else
        QVERIFY(app.start());
    connect(&app.updater(), &Updater::checkScheduled, &app.updater(), &Updater::cancel);
    connect(&app.updater(), &Updater::settingsChanged, &app.updater(), &Updater::cancel);
    QSignalSpy finished(&app.updater(), &Updater::finished);
    app.updater().checkForUpdatesInBackground();
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 30'000);
    QCOMPARE(app.state(), State::Idle);
    QVERIFY(!app.driver.heard.contains(u"found 2.0"_s));
}

void TestUpdaterWaiting::isPutOff_data()
{
    QTest::addColumn<bool>("byPerson");
    QTest::newRow("by the person") << true;
    QTest::newRow("because the session ends") << false;
}

void TestUpdaterWaiting::isPutOff()
{
    QFETCH(bool, byPerson);
    UpdaterFixture app;
    wait(app);
    if (byPerson) {
        app.updater().checkForUpdates();
        app.driver.install(InstallTime::OnNextStart);
    } else {
        app.updater().postponeToNextStart();
    }
    QCOMPARE(app.state(), State::Idle);
    app.destroyUpdater();
    QCOMPARE(app.beside(), QStringList{u"staged"_s});
    QCOMPARE(UpdaterFixture::shop().runningVersion(), u"1.0"_s);
    QCOMPARE(app.settings.value(u"Freshen/VersionForNextStart"_s).toString(), u"2.0"_s);
}

void TestUpdaterWaiting::putOffUntilTheNextStart()
{
    UpdaterFixture app;
    wait(app);
    app.updater().postponeToNextStart();
    QCOMPARE(app.beside(), QStringList{u"staged"_s});
    app.restart();
    QVERIFY(QTest::qWaitFor([&] { return app.driver.heard.contains(u"quit"_s); }, 60'000));
    QCOMPARE(app.state(), State::Installing);
    QVERIFY(isArmed(app));
    QVERIFY(!app.driver.heard.contains(u"ready 2.0"_s));
    // It is tried once.
    app.updater().cancel();
    (void)app.beside();
    QVERIFY(!app.settings.contains(u"Freshen/VersionForNextStart"_s));
}

void TestUpdaterWaiting::putOffButWithdrawn()
{
    UpdaterFixture app;
    wait(app);
    app.updater().postponeToNextStart();
    (void)app.beside();
    UpdaterFixture::shop().editFeed(
        [](Appcast &feed) { feed.withdrawnVersions.append(u"2.0"_s); });
    app.updater().checkForUpdatesInBackground();
    QVERIFY(app.isIdle());
    QVERIFY(!app.settings.contains(u"Freshen/VersionForNextStart"_s));
}

void TestUpdaterWaiting::putOffButInstalledOtherwise()
{
    UpdaterFixture app(u"2.0"_s);
    app.settings.setValue(u"Freshen/VersionForNextStart"_s, u"2.0"_s);
    QVERIFY(app.start());
    QVERIFY(QTest::qWaitFor(
        [&] { return !app.settings.contains(u"Freshen/VersionForNextStart"_s); }));
    QCOMPARE(app.state(), State::Idle);
}

// A publisher's last word on a release that fixes a hole.
void TestUpdaterWaiting::deadlineComesWithoutBeingAskedFor()
{
    UpdaterFixture::shop().editFeed([this](Appcast &feed) {
        for (AppcastItem &item : feed.items) {
            item.isCritical = true;
            item.deadline = m_clock->now().addDays(3);
        }
    });
    UpdaterFixture app;
    app.settings.setValue(u"Freshen/SkippedVersion"_s, u"2.0"_s);
    QVERIFY(app.start());
    app.updater().checkForUpdatesInBackground();
    QVERIFY(app.isIdle());
    QCOMPARE(app.updater().noUpdateReason(), u"skipped"_s);
    m_clock->pass(4 * 24h);
    app.updater().checkForUpdatesInBackground();
    QVERIFY(QTest::qWaitFor([&] { return app.state() == State::ReadyToInstall; }, 60'000));
    QCOMPARE(app.driver.heard.last(), u"ready 2.0"_s);
    QVERIFY(!app.driver.heard.contains(u"found 2.0"_s));
}

// Who was not asked can read afterwards what has changed.
void TestUpdaterWaiting::notesAreKeptForTheFirstStart()
{
    UpdaterFixture::shop().editFeed([](Appcast &feed) {
        for (AppcastItem &item : feed.items)
            item.notes = u"New in "_s + item.version;
    });
    UpdaterFixture app;
    wait(app);
    app.updater().cancel();
    (void)app.beside();
    QCOMPARE(UpdaterFixture::shop().freshen(u"update"_s).status, 0);
    app.restart();
    QVERIFY(QTest::qWaitFor([&] { return !app.driver.heard.isEmpty(); }, 30'000));
    QCOMPARE(app.driver.heard, QStringList{u"updated 1.0 2.0"_s});
    QCOMPARE(app.driver.updated.notes(), u"New in 2.0"_s);
}

QTEST_GUILESS_MAIN(TestUpdaterWaiting)
#include "tst_updaterwaiting.moc"
