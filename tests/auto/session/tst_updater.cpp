// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/appcastreader.h"
#include "lib/feed/appcastwriter.h"
#include "lib/feed/feedsignature.h"
#include "lib/signing/secretkey.h"
#include "platform/file.h"
#include "platform/lock.h"
#include "updater-helper/install/history.h"

#include "tests/auto/session/updaterfixture.h"
#include "tests/support/resultcheck.h"
#include "tests/support/virtualclock.h"

#include <Freshen/FaultServer>

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Choice = UserDriver::Choice;
using InstallTime = UserDriver::InstallTime;
using State = Updater::State;

// One conversation with a person, from the check to the waiting helper.
class TestUpdater : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsNothing();
    void acc026_cannotConfirm();
    void findsNothingInTheBackground();
    void acc041_checkFails();
    void acc041_checkFailsInTheBackground();
    void acc029_stateFileIsGarbage();
    void finds();
    void findsInTheBackground();
    void later();
    void skip();
    void skipAMajorUpgrade();
    void aMajorUpgradeIsNeverSilent();
    void phasedRollout();
    void versionGoneBackFrom();
    void findsWithoutDriver();
    void installsStepByStep();
    void installsNow();
    void usesWhatIsStagedAlready();
    void downloadsByItself();
    void downloadsByItselfInSilence();
    void oneConversationAtATime();
    void packageIsDamaged();
    void packageIsSignedByAnother();
    void anotherUpdateHoldsTheLock();
    void notesFromElsewhere_data();
    void notesFromElsewhere();
    void driverIsTakenAway_data();
    void driverIsTakenAway();
    void driverIsTakenAwayDuringTheDownload();

private:
    static Workshop &shop() { return UpdaterFixture::shop(); }
    static QString journal() { return shop().control() + u"/journal"_s; }
    static bool hasAppVersion(const QString &version) { return shop().runningVersion() == version; }
    // Changes the feed on the host for one test, signed again.
    static void changeFeed(const std::function<void(AppcastItem &)> &change);

    QByteArray m_feed;

private Q_SLOTS:
    void init();
    void cleanup();
};

void TestUpdater::init()
{
    m_feed = readAll(shop().host() + u"/appcast.xml"_s);
}

void TestUpdater::cleanup()
{
    writeAll(shop().host() + u"/appcast.xml"_s, m_feed);
}

void TestUpdater::changeFeed(const std::function<void(AppcastItem &)> &change)
{
    const QString file = shop().host() + u"/appcast.xml"_s;
    const auto secret = SecretKey::read(shop().key());
    auto feed = readAppcast(withoutTrailers(readAll(file)), QUrl(shop().url(u"appcast.xml"_s)));
    QVERIFY(secret && feed);
    for (AppcastItem &item : feed->items) {
        if (item.version == u"2.0")
            change(item);
    }
    ++feed->stamp->version;
    writeAll(file, signFeed(writeAppcast(*feed), *secret));
}

void TestUpdater::findsNothing()
{
    UpdaterFixture app(u"2.0"_s);
    QVERIFY(app.start());
    QSignalSpy checked(&app.updater(), &Updater::checkFinished);
    const QDateTime before = QDateTime::currentDateTimeUtc();
    QVERIFY(app.updater().canCheckForUpdates());
    app.updater().checkForUpdates();
    QCOMPARE(app.state(), State::Checking);
    QVERIFY(!app.updater().canCheckForUpdates());
    QVERIFY(app.isIdle());
    QCOMPARE(app.driver.heard, (QStringList{u"progress Checking"_s, u"none"_s, u"dismiss"_s}));
    QCOMPARE(app.driver.sentence, u"Version 2.0 is the newest version."_s);
    QCOMPARE(checked.count(), 1);
    QCOMPARE(checked[0][0].toBool(), false);
    QVERIFY(app.updater().availableRelease().isNull());
    QVERIFY(!app.updater().lastError().isError());
    const QDateTime time = app.updater().lastCheckTime();
    QVERIFY(time >= before && time <= QDateTime::currentDateTimeUtc());
    QVERIFY(app.updater().isConfirmed());
    QVERIFY(app.updater().confirmedUntil() > before.addDays(80));
}

// "Cannot confirm that you are up to date" is something that every start knows, without a check.
void TestUpdater::acc026_cannotConfirm()
{
    VirtualClock clock;
    UpdaterFixture app(u"2.0"_s);
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.isIdle());
    const QDateTime until = app.updater().confirmedUntil();
    app.updater().setAutomaticallyChecks(false); // so the second start does not ask
    app.restart();
    QVERIFY(app.start());
    QCOMPARE(app.updater().confirmedUntil(), until);
    QVERIFY(app.updater().isConfirmed());
    clock.set(until.addSecs(1));
    QVERIFY(!app.updater().isConfirmed());
    app.updater().checkForUpdates();
    QVERIFY(app.isIdle());
    QCOMPARE(app.driver.error.code(), u"STALE"_s);
    QVERIFY(app.driver.error.leavesFreshnessOpen());
    QVERIFY(!app.updater().isConfirmed());
}

void TestUpdater::findsNothingInTheBackground()
{
    UpdaterFixture app(u"2.0"_s);
    QVERIFY(app.start());
    app.updater().checkForUpdatesInBackground();
    QVERIFY(app.isIdle());
    QCOMPARE(app.driver.heard, QStringList{u"dismiss"_s});
    QVERIFY(app.updater().lastCheckTime().isValid());
}

void TestUpdater::acc041_checkFails()
{
    UpdaterFixture app;
    app.network.diversions[u"appcast.xml"_s] = FaultServer::deadUrl();
    QVERIFY(app.start());
    QSignalSpy failed(&app.updater(), &Updater::failed);
    QSignalSpy checked(&app.updater(), &Updater::checkFinished);
    app.updater().checkForUpdates();
    QVERIFY(app.isIdle());
    QCOMPARE(app.driver.heard,
             (QStringList{u"progress Checking"_s, u"dismiss"_s, u"error NETWORK"_s}));
    QVERIFY(app.driver.error.message().contains(u"appcast.xml"));
    QCOMPARE(failed.count(), 1);
    QCOMPARE(checked.count(), 0);
    QCOMPARE(app.updater().lastError().code(), u"NETWORK"_s);
    QVERIFY(!app.updater().lastCheckTime().isValid());
    // The next one is as good as the first.
    app.network.diversions.clear();
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
    QVERIFY(!app.updater().lastError().isError());
}

void TestUpdater::acc041_checkFailsInTheBackground()
{
    UpdaterFixture app;
    app.network.diversions[u"appcast.xml"_s] = FaultServer::deadUrl();
    QVERIFY(app.start());
    QSignalSpy failed(&app.updater(), &Updater::failed);
    app.updater().checkForUpdatesInBackground();
    QVERIFY(app.isIdle());
    QCOMPARE(app.driver.heard, QStringList{u"dismiss"_s});
    QCOMPARE(failed.count(), 1);
    QCOMPARE(app.updater().lastError().code(), u"NETWORK"_s);
}

void TestUpdater::acc029_stateFileIsGarbage()
{
    UpdaterFixture app;
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
    app.updater().cancel();
    const QDir state(shop().path(u"home/state/freshen/freshness"_s));
    const QStringList files = state.entryList(QDir::Files);
    QCOMPARE(files.size(), 1);
    const QString file = state.filePath(files.first());
    const QByteArray good = readAll(file);
    for (const QByteArray &garbage : {QByteArray(), QByteArray("garbage"), QByteArray(4096, '\0'),
                                      QByteArray("{\"schema\":99}")}) {
        writeAll(file, garbage);
        app.updater().checkForUpdates();
        QVERIFY(app.reaches(State::UpdateFound));
        app.updater().cancel();
        QCOMPARE(readAll(file), good);
    }
}

void TestUpdater::finds()
{
    UpdaterFixture app;
    QVERIFY(app.start());
    QCOMPARE(app.updater().currentVersion(), u"1.0"_s);
    QSignalSpy checked(&app.updater(), &Updater::checkFinished);
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
    QCOMPARE(app.driver.heard, (QStringList{u"progress Checking"_s, u"found 2.0"_s}));
    QVERIFY(app.driver.wasUserInitiated);
    QCOMPARE(checked.count(), 1);
    QCOMPARE(checked[0][0].toBool(), true);
    QCOMPARE(app.updater().availableRelease().version(), u"2.0"_s);
    QCOMPARE(app.driver.release.size(),
             QFileInfo(shop().host() + u'/' + shop().packageName(u"2.0"_s)).size());
    // Nothing was fetched or written for it.
    QCOMPARE(app.network.requests.size(), 1);
    QCOMPARE(app.beside(), QStringList());
}

void TestUpdater::findsInTheBackground()
{
    UpdaterFixture app;
    QVERIFY(app.start());
    app.updater().checkForUpdatesInBackground();
    QVERIFY(app.reaches(State::UpdateFound));
    QCOMPARE(app.driver.heard, QStringList{u"found 2.0"_s});
    QVERIFY(!app.driver.wasUserInitiated);
}

void TestUpdater::later()
{
    UpdaterFixture app;
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
    app.driver.heard.clear();
    app.driver.choose(Choice::Later);
    QCOMPARE(app.state(), State::Idle);
    QCOMPARE(app.driver.takeHeard(), QStringList{u"dismiss"_s});
    app.updater().checkForUpdatesInBackground();
    QVERIFY(app.reaches(State::UpdateFound));
    QCOMPARE(app.driver.takeHeard(), QStringList{u"found 2.0"_s});
}

void TestUpdater::skip()
{
    UpdaterFixture app;
    QVERIFY(app.start());
    app.updater().checkForUpdatesInBackground();
    QVERIFY(app.reaches(State::UpdateFound));
    app.driver.choose(Choice::Skip);
    QCOMPARE(app.state(), State::Idle);
    for (int start = 1; start <= 2; ++start) {
        app.driver.heard.clear();
        app.updater().checkForUpdatesInBackground();
        QVERIFY(app.isIdle());
        QCOMPARE(app.driver.heard, QStringList{u"dismiss"_s});
        app.restart();
        QCOMPARE(app.state(), start == 1 ? State::AskingPermission : State::Idle);
        app.updater().cancel();
        app.settings.setValue(u"Freshen/AutomaticallyChecks"_s, false);
    }
    // A person who asks is told all the same.
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
    QCOMPARE(app.driver.release.version(), u"2.0"_s);
}

void TestUpdater::skipAMajorUpgrade()
{
    changeFeed([](AppcastItem &item) { item.minimumAutoupdateVersion = u"1.5"_s; });
    UpdaterFixture app;
    QVERIFY(app.start());
    app.updater().checkForUpdatesInBackground();
    QVERIFY(app.reaches(State::UpdateFound));
    app.driver.choose(Choice::Skip);
    QCOMPARE(app.settings.value(u"Freshen/SkippedMajorVersion"_s).toString(), u"1.5"_s);
    QCOMPARE(app.settings.value(u"Freshen/SkippedMajorSubrelease"_s).toString(), u"2.0"_s);
    QVERIFY(!app.settings.contains(u"Freshen/SkippedVersion"_s));
    app.updater().checkForUpdatesInBackground();
    QVERIFY(app.isIdle());
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
}

void TestUpdater::aMajorUpgradeIsNeverSilent()
{
    changeFeed([](AppcastItem &item) { item.minimumAutoupdateVersion = u"1.5"_s; });
    UpdaterFixture app;
    app.settings.setValue(u"Freshen/AutomaticallyDownloads"_s, true);
    QVERIFY(app.start());
    app.updater().checkForUpdatesInBackground();
    QVERIFY(app.reaches(State::UpdateFound));
    QCOMPARE(app.driver.takeHeard(), QStringList{u"found 2.0"_s});
}

void TestUpdater::phasedRollout()
{
    changeFeed([](AppcastItem &item) {
        item.published = QDateTime::currentDateTimeUtc().addSecs(-60).toString(Qt::RFC2822Date);
        item.phasedRolloutInterval = 3600;
    });
    UpdaterFixture app;
    app.settings.setValue(u"Freshen/RolloutGroup"_s, 3);
    QVERIFY(app.start());
    app.updater().checkForUpdatesInBackground();
    QVERIFY(app.isIdle());
    QCOMPARE(app.driver.takeHeard(), QStringList{u"dismiss"_s});
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
    app.updater().cancel();
    app.settings.setValue(u"Freshen/RolloutGroup"_s, 0);
    app.updater().checkForUpdatesInBackground();
    QVERIFY(app.reaches(State::UpdateFound));
}

void TestUpdater::versionGoneBackFrom()
{
    UpdaterFixture app;
    VERIFY_RESULT(Platform::makeDirectory(app.layout.folder()));
    VERIFY_RESULT(refuse(app.layout, Install::Refusal::Left, "2.0"));
    QVERIFY(app.start());
    app.updater().checkForUpdatesInBackground();
    QVERIFY(app.isIdle());
    QCOMPARE(app.driver.takeHeard(), QStringList{u"dismiss"_s});
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
}

void TestUpdater::findsWithoutDriver()
{
    UpdaterFixture app;
    app.updater().setUserDriver(nullptr);
    QVERIFY(app.start());
    for (const bool byPerson : {true, false}) {
        QSignalSpy checked(&app.updater(), &Updater::checkFinished);
        byPerson ? app.updater().checkForUpdates() : app.updater().checkForUpdatesInBackground();
        QVERIFY(app.isIdle());
        QCOMPARE(checked.count(), 1);
        QCOMPARE(app.updater().availableRelease().version(), u"2.0"_s);
    }
    QCOMPARE(app.driver.heard, QStringList());
}

void TestUpdater::installsStepByStep()
{
    UpdaterFixture app;
    QVERIFY(app.start());
    QList<State> states;
    connect(&app.updater(), &Updater::stateChanged, this, [&] { states += app.state(); });
    qint64 downloaded = 0;
    qint64 prepared = 0;
    app.driver.onProgress = [&](UserDriver::Phase phase, qint64 done, qint64 total) {
        QVERIFY(done >= 0 && (total == 0 || done <= total));
        QCOMPARE(app.updater().bytesDone(), done);
        QCOMPARE(app.updater().bytesTotal(), total);
        qint64 &last = phase == UserDriver::Phase::Preparing ? prepared : downloaded;
        QVERIFY(done >= last || phase == UserDriver::Phase::Installing);
        last = done;
    };
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
    app.driver.choose(Choice::Install);
    QVERIFY(app.reaches(State::ReadyToInstall));
    QCOMPARE(app.driver.takeHeard(),
             (QStringList{u"progress Checking"_s, u"found 2.0"_s, u"progress Downloading"_s,
                          u"progress Preparing"_s, u"progress Installing"_s, u"ready 2.0"_s}));
    QVERIFY(QFile::exists(journal()));
    QCOMPARE(shop().freshen(u"status"_s).json[u"staged"_s].toString(), u"2.0"_s);

    app.driver.install(InstallTime::OnQuit);
    QCOMPARE(app.state(), State::WaitingForQuit);
    QCOMPARE(app.driver.takeHeard(), QStringList{u"dismiss"_s});
    QCOMPARE(states, (QList<State>{State::Checking, State::UpdateFound, State::Downloading,
                                   State::Preparing, State::ReadyToInstall, State::WaitingForQuit}));
    // It waits for this program.
    QVERIFY(QFile::exists(journal()));
    QVERIFY(hasAppVersion(u"1.0"_s));
    app.updater().cancel();
    QCOMPARE(app.state(), State::Idle);
    QCOMPARE(app.beside(), QStringList{u"staged"_s});
}

void TestUpdater::installsNow()
{
    UpdaterFixture app;
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::ReadyToInstall));
    app.driver.heard.clear();
    app.driver.install(InstallTime::Now);
    QCOMPARE(app.state(), State::Installing);
    QCOMPARE(app.driver.takeHeard(), (QStringList{u"progress Installing"_s, u"quit"_s}));
    // The person refuses to quit, and then does not want it at all.
    QVERIFY(hasAppVersion(u"1.0"_s));
    app.updater().cancel();
    QCOMPARE(app.driver.takeHeard(), QStringList{u"dismiss"_s});
    QCOMPARE(app.beside(), QStringList{u"staged"_s});
    QVERIFY(hasAppVersion(u"1.0"_s));
}

void TestUpdater::usesWhatIsStagedAlready()
{
    UpdaterFixture app;
    QVERIFY(app.start());
    const QString package = shop().packageName(u"2.0"_s);
    for (int time = 1; time <= 2; ++time) {
        app.updater().checkForUpdates();
        QVERIFY(app.reaches(State::ReadyToInstall));
        app.updater().cancel();
        QCOMPARE(app.beside(), QStringList{u"staged"_s});
        QCOMPARE(app.network.requests[package], 1);
    }
}

void TestUpdater::downloadsByItself()
{
    UpdaterFixture app;
    app.settings.setValue(u"Freshen/AutomaticallyDownloads"_s, true);
    QVERIFY(app.start());
    app.updater().checkForUpdatesInBackground();
    QVERIFY(QTest::qWaitFor([&] { return app.state() == State::WaitingForQuit; }, 60'000));
    QVERIFY(QFile::exists(journal()));
    QCOMPARE(app.driver.heard, QStringList{u"dismiss"_s});
    app.updater().cancel();
    QCOMPARE(app.state(), State::Idle);
    QCOMPARE(app.beside(), QStringList{u"staged"_s});
    QVERIFY(hasAppVersion(u"1.0"_s));
    // A person who asks for a check decides.
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
}

void TestUpdater::downloadsByItselfInSilence()
{
    UpdaterFixture app;
    app.settings.setValue(u"Freshen/AutomaticallyDownloads"_s, true);
    app.network.diversions[shop().packageName(u"2.0"_s)] = QUrl(shop().url(u"missing"_s));
    QVERIFY(app.start());
    app.updater().checkForUpdatesInBackground();
    QVERIFY(app.isIdle());
    QCOMPARE(app.updater().lastError().code(), u"HTTP_STATUS"_s);
    QCOMPARE(app.driver.heard, QStringList{u"dismiss"_s});
}

void TestUpdater::oneConversationAtATime()
{
    UpdaterFixture app;
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
    app.driver.heard.clear();
    app.updater().checkForUpdatesInBackground();
    QCOMPARE(app.driver.takeHeard(), QStringList());
    app.updater().checkForUpdates();
    QCOMPARE(app.driver.takeHeard(), QStringList{u"attention"_s});
    QCOMPARE(app.network.requests[u"appcast.xml"_s], 1);
}

void TestUpdater::packageIsDamaged()
{
    UpdaterFixture app;
    const QString package = shop().packageName(u"2.0"_s);
    QByteArray bytes = readAll(shop().host() + u'/' + package);
    bytes[bytes.size() / 2] = char(bytes[bytes.size() / 2] ^ 1);
    FaultServer server;
    server.serve(u"/package"_s, bytes);
    app.network.diversions[package] = server.url(u"/package"_s);
    QVERIFY(app.start());
    // Found by itself; but then a person chose to install it.
    app.updater().checkForUpdatesInBackground();
    QVERIFY(app.isIdle());
    QCOMPARE(app.driver.heard.last(), u"error HASH"_s);
    QCOMPARE(app.beside(), QStringList());
    QVERIFY(hasAppVersion(u"1.0"_s));
}

void TestUpdater::packageIsSignedByAnother()
{
    UpdaterFixture app;
    changeFeed([](AppcastItem &item) {
        item.enclosure->edSignature = QString::fromLatin1(QByteArray(64, 'x').toBase64());
    });
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.isIdle());
    QCOMPARE(app.driver.heard.last(), u"error SIGNATURE"_s);
    QVERIFY(hasAppVersion(u"1.0"_s));
    QCOMPARE(app.beside(), QStringList());
}

void TestUpdater::anotherUpdateHoldsTheLock()
{
    UpdaterFixture app;
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
    {
        const auto lock = app.layout.takeLock();
        VERIFY_RESULT(lock);
        app.driver.choose(Choice::Install);
        QVERIFY(app.isIdle());
        QCOMPARE(app.driver.heard.last(), u"error BUSY"_s);
    }
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::ReadyToInstall));
}

void TestUpdater::notesFromElsewhere_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("heard");
    QTest::newRow("there") << QByteArray("<p>New.</p>") << u"notes"_s;
    QTest::newRow("missing") << QByteArray() << u"no notes HTTP_STATUS"_s;
    QTest::newRow("acc015 far too many") << QByteArray(50 << 20, 'n') << u"no notes SIZE"_s;
}

void TestUpdater::notesFromElsewhere()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, heard);
    FaultServer server;
    if (!content.isEmpty())
        server.serve(u"/notes.html"_s, content);
    changeFeed([&](AppcastItem &item) { item.notesUrl = server.url(u"/notes.html"_s); });
    UpdaterFixture app;
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QTRY_COMPARE_WITH_TIMEOUT(app.driver.heard.value(2), heard, 60'000);
    QCOMPARE(app.driver.notes, heard == u"notes" ? QString::fromUtf8(content) : QString());
    // The offer stands.
    QCOMPARE(app.state(), State::UpdateFound);
    QCOMPARE(app.driver.heard.size(), 3);
    app.driver.choose(Choice::Later);
    QCOMPARE(app.state(), State::Idle);
}

void TestUpdater::driverIsTakenAway_data()
{
    QTest::addColumn<State>("state");
    QTest::newRow("AskingPermission") << State::AskingPermission;
    QTest::newRow("UpdateFound") << State::UpdateFound;
    QTest::newRow("ReadyToInstall") << State::ReadyToInstall;
}

// Nobody can answer the question any more; the next check must not wait for that.
void TestUpdater::driverIsTakenAway()
{
    QFETCH(State, state);
    UpdaterFixture app;
    if (state == State::AskingPermission)
        app.settings.setValue(u"Freshen/Starts"_s, 1);
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(state));
    app.driver.heard.clear();
    app.updater().setUserDriver(nullptr);
    QTRY_COMPARE(app.state(), State::Idle);
    QCOMPARE(app.driver.heard, QStringList());
    QVERIFY(hasAppVersion(u"1.0"_s));
    QVERIFY(app.updater().canCheckForUpdates());
}

void TestUpdater::driverIsTakenAwayDuringTheDownload()
{
    UpdaterFixture app;
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::Downloading));
    app.driver.heard.clear();
    app.updater().setUserDriver(nullptr);
    // A person chose it: it is installed when the app quits.
    QVERIFY(QTest::qWaitFor([&] { return app.state() == State::WaitingForQuit; }, 60'000));
    QCOMPARE(app.driver.heard, QStringList());
}

QTEST_GUILESS_MAIN(TestUpdater)
#include "tst_updater.moc"
