// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/engine.h"

#include "tests/auto/session/updaterfixture.h"

#include <Freshen/FaultServer>

#include <QCryptographicHash>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Choice = UserDriver::Choice;
using InstallTime = UserDriver::InstallTime;
using State = Updater::State;

namespace {

// What is promised is 200 ms; the rest is for a busy machine.
constexpr int cancelTime = 1000;

} // namespace

// Whatever a conversation is doing, it ends when told to, and nothing is left of it but what the
// next one can go on with.
class TestUpdaterCancel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cancels_data();
    void cancels();
    void cancelsAtOnce_data() { cancels_data(); }
    void cancelsAtOnce();
    void cancelsFromTheDriver_data();
    void cancelsFromTheDriver();
    void cancelsASilentServer();
    void cancelsMidDownload();
    void goesOnLater();
    void unpacksLater();
    void nothingToCancel();
    void repliesCountOnce();
    void repliesAfterCancelAreIgnored();
    void repliesToAnEarlierQuestionAreIgnored();
    void repliesAfterTheUpdaterIsGoneAreIgnored();
    void destroyed_data() { cancels_data(); }
    void destroyed();

private:
    static Workshop &shop() { return UpdaterFixture::shop(); }
    // Sees that the conversation is over and the app as it was, and that a new one can be had.
    static void verifyCancelled(UpdaterFixture &app, qint64 tookMs);
    static void begin(UpdaterFixture &app, State state);
    // What is left besides a complete tree and the download of the release, done or not.
    static QStringList litter(const UpdaterFixture &app);
};

void TestUpdaterCancel::cancels_data()
{
    QTest::addColumn<State>("state");
    QTest::newRow("AskingPermission") << State::AskingPermission;
    QTest::newRow("Checking") << State::Checking;
    QTest::newRow("UpdateFound") << State::UpdateFound;
    QTest::newRow("Downloading") << State::Downloading;
    QTest::newRow("Preparing") << State::Preparing;
    QTest::newRow("ReadyToInstall") << State::ReadyToInstall;
    QTest::newRow("WaitingForQuit") << State::WaitingForQuit;
}

void TestUpdaterCancel::begin(UpdaterFixture &app, State state)
{
    if (state == State::AskingPermission)
        app.settings.setValue(u"Freshen/Starts"_s, 1);
    QVERIFY(app.start());
    if (state != State::AskingPermission)
        app.updater().checkForUpdates();
}

QStringList TestUpdaterCancel::litter(const UpdaterFixture &app)
{
    const QByteArray package = readAll(shop().host() + u'/' + shop().packageName(u"2.0"_s));
    const QByteArray hash = QCryptographicHash::hash(package, QCryptographicHash::Sha256);
    const QString file = shop().downloads() + u"/org.example.sample/"_s
        + QString::fromLatin1(hash.toHex()) + u".tar.gz"_s;
    QStringList left = app.beside();
    for (const QString &useful : {u"staged"_s, file, file + u".part"_s, file + u".record"_s})
        left.removeAll(useful);
    return left;
}

void TestUpdaterCancel::verifyCancelled(UpdaterFixture &app, qint64 tookMs)
{
    qInfo("idle after %lld ms", tookMs);
    QVERIFY(tookMs < cancelTime);
    QCOMPARE(app.state(), State::Idle);
    QCOMPARE(app.driver.heard.last(), u"dismiss"_s);
    QVERIFY(!app.updater().lastError().isError());
    QCOMPARE(app.updater().bytesDone(), 0);
    QCOMPARE(app.updater().bytesTotal(), 0);
    // At the latest the next start sees to it.
    (void)app.beside();
    QVERIFY(Install::recover(app.layout, {}).has_value());
    QCOMPARE(litter(app), QStringList());
    QCOMPARE(shop().runningVersion(), u"1.0"_s);
    app.driver.heard.clear();
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
    QCOMPARE(app.driver.heard, (QStringList{u"progress Checking"_s, u"found 2.0"_s}));
}

void TestUpdaterCancel::cancels()
{
    QFETCH(State, state);
    UpdaterFixture app;
    QElapsedTimer timer;
    qint64 took = -1;
    connect(&app.updater(), &Updater::stateChanged, this, [&] {
        if (app.state() == State::Idle && timer.isValid())
            took = timer.elapsed();
        if (app.state() != state || timer.isValid())
            return;
        timer.start();
        QTimer::singleShot(0, &app.updater(), &Updater::cancel);
    });
    begin(app, state);
    QVERIFY(app.answersUntil([&] { return took >= 0; }));
    app.updater().disconnect(this);
    verifyCancelled(app, took);
}

// From the very signal that tells of the state.
void TestUpdaterCancel::cancelsAtOnce()
{
    QFETCH(State, state);
    UpdaterFixture app;
    bool isCancelled = false;
    connect(&app.updater(), &Updater::stateChanged, this, [&] {
        if (app.state() == state && !std::exchange(isCancelled, true))
            app.updater().cancel();
    });
    begin(app, state);
    QVERIFY(app.answersUntil([&] { return isCancelled; }));
    app.updater().disconnect(this);
    verifyCancelled(app, 0);
}

void TestUpdaterCancel::cancelsFromTheDriver_data()
{
    QTest::addColumn<int>("phase");
    QTest::newRow("Checking") << int(UserDriver::Phase::Checking);
    QTest::newRow("Downloading") << int(UserDriver::Phase::Downloading);
    QTest::newRow("Preparing") << int(UserDriver::Phase::Preparing);
    QTest::newRow("Installing") << int(UserDriver::Phase::Installing);
}

// A driver may say so while it is told of progress, as one without windows does.
void TestUpdaterCancel::cancelsFromTheDriver()
{
    QFETCH(int, phase);
    UpdaterFixture app;
    bool isCancelled = false;
    app.driver.onProgress = [&](UserDriver::Phase shown, qint64 done, qint64) {
        const bool isWorking = shown != UserDriver::Phase::Downloading || done > 0;
        if (int(shown) == phase && isWorking && !std::exchange(isCancelled, true))
            app.updater().cancel();
    };
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.isIdle());
    QVERIFY(isCancelled);
    app.driver.onProgress = {};
    verifyCancelled(app, 0);
}

void TestUpdaterCancel::cancelsASilentServer()
{
    UpdaterFixture app;
    FaultServer server;
    FaultAnswer answer;
    answer.content = readAll(shop().host() + u"/appcast.xml"_s);
    answer.stallAfter = 100;
    server.serve(u"/feed"_s, answer);
    app.network.diversions[u"appcast.xml"_s] = server.url(u"/feed"_s);
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QTRY_COMPARE_WITH_TIMEOUT(server.bytesSent(), 100, 60'000);
    QElapsedTimer timer;
    timer.start();
    app.updater().cancel();
    QTRY_COMPARE(app.state(), State::Idle);
    const qint64 took = timer.elapsed();
    app.network.diversions.clear();
    verifyCancelled(app, took);
    QTRY_COMPARE_WITH_TIMEOUT(server.connections(), 0, 60'000);
}

void TestUpdaterCancel::cancelsMidDownload()
{
    UpdaterFixture app;
    FaultServer server;
    FaultAnswer answer;
    const QString package = shop().packageName(u"2.0"_s);
    answer.content = readAll(shop().host() + u'/' + package);
    answer.stallAfter = answer.content.size() / 2;
    answer.ranges = FaultAnswer::Ranges::Ignored;
    server.serve(u"/package"_s, answer);
    app.network.diversions[package] = server.url(u"/package"_s);
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::Downloading));
    QTRY_COMPARE_WITH_TIMEOUT(app.updater().bytesDone(), *answer.stallAfter, 60'000);
    QCOMPARE(app.updater().bytesTotal(), answer.content.size());
    QElapsedTimer timer;
    timer.start();
    app.updater().cancel();
    QTRY_COMPARE(app.state(), State::Idle);
    const qint64 took = timer.elapsed();
    QTRY_COMPARE_WITH_TIMEOUT(server.connections(), 0, 60'000);
    verifyCancelled(app, took);
}

// The person wants it after all: no byte is fetched twice.
void TestUpdaterCancel::goesOnLater()
{
    UpdaterFixture app;
    FaultServer server;
    FaultAnswer answer;
    const QString package = shop().packageName(u"2.0"_s);
    answer.content = readAll(shop().host() + u'/' + package);
    answer.etag = "\"one\"";
    answer.stallAfter = 1 << 20;
    constexpr qint64 arrives = 2 << 20; // over two connections
    server.serve(u"/package"_s, answer);
    app.network.diversions[package] = server.url(u"/package"_s);
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QTRY_VERIFY_WITH_TIMEOUT(app.answersUntil([&] { return server.bytesSent() >= arrives; }),
                             60'000);
    QTRY_COMPARE_WITH_TIMEOUT(app.updater().bytesDone(), arrives, 60'000);
    app.updater().cancel();
    QTRY_COMPARE(app.state(), State::Idle);
    const qint64 before = server.bytesSent();
    answer.stallAfter.reset();
    server.serve(u"/package"_s, answer);
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::ReadyToInstall));
    QCOMPARE(server.bytesSent() - before, answer.content.size() - arrives);
    app.updater().cancel();
    QCOMPARE(app.beside(), QStringList{u"staged"_s});
}

void TestUpdaterCancel::unpacksLater()
{
    UpdaterFixture app;
    bool isCancelled = false;
    app.driver.onProgress = [&](UserDriver::Phase phase, qint64, qint64) {
        if (phase == UserDriver::Phase::Preparing && !std::exchange(isCancelled, true))
            app.updater().cancel();
    };
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.answersUntil([&] { return isCancelled; }));
    (void)app.beside();
    const int asked = app.network.requests[shop().packageName(u"2.0"_s)];
    QVERIFY(asked > 0);
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::ReadyToInstall));
    QCOMPARE(app.network.requests[shop().packageName(u"2.0"_s)], asked);
}

void TestUpdaterCancel::nothingToCancel()
{
    UpdaterFixture app;
    app.updater().cancel();
    QVERIFY(app.start());
    app.updater().cancel();
    QCOMPARE(app.state(), State::Idle);
    QCOMPARE(app.driver.heard, QStringList());
}

void TestUpdaterCancel::repliesCountOnce()
{
    UpdaterFixture app;
    app.settings.setValue(u"Freshen/Starts"_s, 1);
    QVERIFY(app.start());
    const auto permit = app.driver.permit;
    permit({false, false});
    permit({true, true});
    QVERIFY(!app.updater().automaticallyChecks());

    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
    const auto choose = std::exchange(app.driver.choose, {});
    choose(Choice::Install);
    choose(Choice::Skip);
    choose(Choice::Later);
    choose(Choice::Install);
    QVERIFY(app.reaches(State::ReadyToInstall));
    QCOMPARE(app.settings.value(u"Freshen/SkippedVersion"_s).toString(), QString());
    choose(Choice::Later);
    QCOMPARE(app.state(), State::ReadyToInstall);

    const auto install = std::exchange(app.driver.install, {});
    app.driver.heard.clear();
    install(InstallTime::OnQuit);
    install(InstallTime::Now);
    QCOMPARE(app.state(), State::WaitingForQuit);
    QCOMPARE(app.driver.heard, QStringList{u"dismiss"_s});
}

void TestUpdaterCancel::repliesAfterCancelAreIgnored()
{
    UpdaterFixture app;
    app.settings.setValue(u"Freshen/Starts"_s, 1);
    QVERIFY(app.start());
    app.updater().cancel();
    app.driver.permit({true, true});
    QVERIFY(!app.updater().automaticallyChecks());
    QVERIFY(!app.settings.contains(u"Freshen/AutomaticallyChecks"_s));

    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
    app.updater().cancel();
    for (const Choice choice : {Choice::Install, Choice::Skip, Choice::Later})
        app.driver.choose(choice);
    QCOMPARE(app.state(), State::Idle);
    QCOMPARE(app.settings.value(u"Freshen/SkippedVersion"_s).toString(), QString());

    app.driver.choose = {};
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::ReadyToInstall));
    app.updater().cancel();
    app.driver.heard.clear();
    app.driver.install(InstallTime::Now);
    QCOMPARE(app.state(), State::Idle);
    QCOMPARE(app.driver.heard, QStringList());
}

void TestUpdaterCancel::repliesToAnEarlierQuestionAreIgnored()
{
    UpdaterFixture app;
    QVERIFY(app.start());
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
    const auto old = std::exchange(app.driver.choose, {});
    app.updater().cancel();
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
    old(Choice::Skip);
    QCOMPARE(app.state(), State::UpdateFound);
    app.driver.choose(Choice::Later);
    QCOMPARE(app.state(), State::Idle);
    QCOMPARE(app.settings.value(u"Freshen/SkippedVersion"_s).toString(), QString());
}

void TestUpdaterCancel::repliesAfterTheUpdaterIsGoneAreIgnored()
{
    UpdaterFixture app;
    app.settings.setValue(u"Freshen/Starts"_s, 1);
    QVERIFY(app.start());
    app.updater().cancel();
    app.updater().checkForUpdates();
    QVERIFY(app.reaches(State::UpdateFound));
    const auto choose = app.driver.choose;
    app.updater().cancel();
    app.restart();
    QCOMPARE(app.state(), State::AskingPermission);
    app.destroyUpdater();
    choose(Choice::Skip);
    app.driver.permit({true, true});
    QVERIFY(!app.settings.contains(u"Freshen/AutomaticallyChecks"_s));
    QVERIFY(!app.settings.contains(u"Freshen/SkippedVersion"_s));
}

// The app ends in the middle of it, without a word; only what waits for just that goes on.
void TestUpdaterCancel::destroyed()
{
    QFETCH(State, state);
    if (state == State::WaitingForQuit)
        QSKIP("It goes on; see tst_updaterinstall.");
    UpdaterFixture app;
    begin(app, state);
    QVERIFY(app.reaches(state));
    app.destroyUpdater();
    (void)app.beside();
    QVERIFY(Install::recover(app.layout, {}).has_value());
    QCOMPARE(litter(app), QStringList());
    QCOMPARE(shop().runningVersion(), u"1.0"_s);
}

QTEST_GUILESS_MAIN(TestUpdaterCancel)
#include "tst_updatercancel.moc"
