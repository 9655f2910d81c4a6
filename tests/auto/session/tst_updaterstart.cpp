// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/common/convert.h"
#include "platform/ready.h"
#include "updater-helper/install/engine.h"

#include "tests/auto/session/updaterfixture.h"
#include "tests/support/enginefixture.h"
#include "tests/support/resultcheck.h"
#include "tests/support/virtualclock.h"

#include <Freshen/FaultServer>

#include <QRegularExpression>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Install::Journal;
using State = Updater::State;

// What an app does with its updater when it starts, and what happens then by itself.
class TestUpdaterStart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acc036_noDescriptionNoUpdates_data();
    void acc036_noDescriptionNoUpdates();
    void isEnabled();
    void asksOnTheSecondStart();
    void remembersTheAnswer_data();
    void remembersTheAnswer();
    void askedByNobody();
    void tellsOfTheUpdateOnce();
    void tellsWhyItWasUndoneOnce();
    void newVersionIsCommitted();
    void waitsForTheHelper();
    void saysReadyByItself();
    void saysReadyWhenTold();
    void checksByItself_data();
    void checksByItself();
    void removesWhatIsForgotten();

private:
    // An updater for the fixture's app.
    std::unique_ptr<Updater> makeUpdater(FakeDriver *driver);
    static Result<Platform::ReadyListener> listen();

    std::unique_ptr<EngineFixture> m_fixture;
    std::unique_ptr<QSettings> m_settings;

private Q_SLOTS:
    void init();
};

void TestUpdaterStart::init()
{
    m_settings.reset();
    m_fixture = std::make_unique<EngineFixture>();
    m_settings = std::make_unique<QSettings>(toQString(m_fixture->path("settings.ini")),
                                             QSettings::IniFormat);
}

std::unique_ptr<Updater> TestUpdaterStart::makeUpdater(FakeDriver *driver)
{
    auto updater = std::make_unique<Updater>();
    updater->setApplicationDirectory(toQString(m_fixture->layout().app()));
    updater->setSettings(m_settings.get());
    updater->setUserDriver(driver);
    updater->setReadyAutomatically(false);
    return updater;
}

void TestUpdaterStart::acc036_noDescriptionNoUpdates_data()
{
    QTest::addColumn<QByteArray>("description");
    QTest::newRow("missing") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("rubbish");
    QTest::newRow("no key") << QByteArray("{\"product\":\"org.example.sample\",\"version\":\"1.0\","
                                          "\"feed\":\"https://example.org/a\",\"publicKeys\":[],"
                                          "\"executable\":\"bin/sample\"}");
}

// A developer's build just runs.
void TestUpdaterStart::acc036_noDescriptionNoUpdates()
{
    QFETCH(QByteArray, description);
    const auto file = m_fixture->layout().app() / "freshen.json";
    std::filesystem::remove(file);
    if (!description.isEmpty())
        writeText(file, description.toStdString());
    FakeDriver driver;
    const auto updater = makeUpdater(&driver);
    QSignalSpy changed(updater.get(), &Updater::stateChanged);
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"Updates are off: .+"_s));
    QVERIFY(!updater->start());
    QVERIFY(!updater->isEnabled());
    QVERIFY(!updater->canCheckForUpdates());
    QCOMPARE(updater->currentVersion(), QString());
    updater->checkForUpdates();
    updater->checkForUpdatesInBackground();
    updater->cancel();
    QCOMPARE(updater->state(), State::Idle);
    QCOMPARE(changed.count(), 0);
    QCOMPARE(driver.heard, QStringList());
}

void TestUpdaterStart::isEnabled()
{
    FakeDriver driver;
    const auto updater = makeUpdater(&driver);
    QSignalSpy enabled(updater.get(), &Updater::enabledChanged);
    QVERIFY(!updater->isEnabled());
    QVERIFY(updater->start());
    QVERIFY(updater->start());
    QVERIFY(updater->isEnabled());
    QVERIFY(updater->canCheckForUpdates());
    QCOMPARE(updater->currentVersion(), u"1.0"_s);
    QCOMPARE(enabled.count(), 1);
    QCOMPARE(driver.heard, QStringList());
}

void TestUpdaterStart::asksOnTheSecondStart()
{
    for (int start = 1; start <= 3; ++start) {
        FakeDriver driver;
        const auto updater = makeUpdater(&driver);
        QVERIFY(updater->start());
        QCOMPARE(driver.heard, start == 1 ? QStringList() : QStringList{u"permission"_s});
        QCOMPARE(updater->state(), start == 1 ? State::Idle : State::AskingPermission);
        // Without an answer it asks again.
    }
}

void TestUpdaterStart::remembersTheAnswer_data()
{
    QTest::addColumn<bool>("checks");
    QTest::addColumn<bool>("downloads");
    QTest::newRow("nothing") << false << false;
    QTest::newRow("checks") << true << false;
    QTest::newRow("both") << true << true;
}

void TestUpdaterStart::remembersTheAnswer()
{
    QFETCH(bool, checks);
    QFETCH(bool, downloads);
    m_settings->setValue(u"Freshen/Starts"_s, 1);
    for (int start = 2; start <= 3; ++start) {
        FakeDriver driver;
        const auto updater = makeUpdater(&driver);
        QVERIFY(updater->start());
        QCOMPARE(driver.heard, start == 2 ? QStringList{u"permission"_s} : QStringList());
        if (driver.permit)
            driver.permit({checks, downloads});
        QCOMPARE(updater->state(), State::Idle);
        QCOMPARE(updater->automaticallyChecks(), checks);
        QCOMPARE(updater->automaticallyDownloads(), downloads);
    }
}

void TestUpdaterStart::askedByNobody()
{
    m_settings->setValue(u"Freshen/Starts"_s, 5);
    const auto updater = makeUpdater(nullptr);
    QVERIFY(updater->start());
    QCOMPARE(updater->state(), State::Idle);
    QVERIFY(!m_settings->contains(u"Freshen/AutomaticallyChecks"_s));
}

void TestUpdaterStart::tellsOfTheUpdateOnce()
{
    m_fixture->update();
    for (const bool isFirst : {true, false}) {
        FakeDriver driver;
        const auto updater = makeUpdater(&driver);
        m_settings->setValue(u"Freshen/AutomaticallyChecks"_s, false);
        QVERIFY(updater->start());
        if (isFirst)
            QTRY_COMPARE(driver.heard, QStringList{u"updated 1.0 2.0"_s});
        else
            QTRY_VERIFY(Install::LastResult::read(m_fixture->layout())->isReported);
    }
}

void TestUpdaterStart::tellsWhyItWasUndoneOnce()
{
    VERIFY_RESULT(Install::prepare(m_fixture->layout(), m_fixture->order()));
    VERIFY_RESULT(Install::swap(m_fixture->layout()));
    VERIFY_RESULT(Install::back(m_fixture->layout(), true));
    m_settings->setValue(u"Freshen/AutomaticallyChecks"_s, false);
    FakeDriver driver;
    auto updater = makeUpdater(&driver);
    QVERIFY(updater->start());
    QTRY_COMPARE(driver.heard, QStringList{u"error ROLLED_BACK"_s});
    QVERIFY(driver.error.message().contains(u"2.0"));
    // Told once: what comes to the same place in time the next time is something newer.
    updater = makeUpdater(&driver);
    QVERIFY(updater->start());
    Install::LastResult newer;
    newer.result = "updated";
    newer.to = "1.0";
    newer.from = "0.9";
    QTRY_VERIFY(Install::LastResult::read(m_fixture->layout())->isReported);
    {
        Result<Platform::Descriptor> lock;
        QTRY_VERIFY((lock = m_fixture->layout().takeLock()).has_value());
        VERIFY_RESULT(newer.write(m_fixture->layout()));
    }
    updater = makeUpdater(&driver);
    QVERIFY(updater->start());
    QTRY_COMPARE(driver.heard.last(), u"updated 0.9 1.0"_s);
    QCOMPARE(driver.heard.size(), 2);
}

// The helper died while it waited for "ready"; this start is the new version's chance.
void TestUpdaterStart::newVersionIsCommitted()
{
    VERIFY_RESULT(Install::prepare(m_fixture->layout(), m_fixture->order()));
    VERIFY_RESULT(Install::swap(m_fixture->layout()));
    FakeDriver driver;
    const auto updater = makeUpdater(&driver);
    QVERIFY(updater->start());
    QCOMPARE(updater->currentVersion(), u"2.0"_s);
    QTRY_COMPARE_WITH_TIMEOUT(driver.heard, QStringList{u"updated 1.0 2.0"_s}, 30'000);
    QVERIFY(!std::filesystem::exists(m_fixture->layout().journal()));
    QCOMPARE(m_fixture->appVersion(), u"2.0"_s);
    QCOMPARE(m_fixture->versionOf(m_fixture->layout().previous()), u"1.0"_s);
    QCOMPARE(m_fixture->lostUserFiles(m_fixture->layout().app()), QStringList());
}

void TestUpdaterStart::waitsForTheHelper()
{
    VERIFY_RESULT(Install::prepare(m_fixture->layout(), m_fixture->order()));
    VERIFY_RESULT(Install::swap(m_fixture->layout()));
    auto lock = m_fixture->layout().takeLock();
    VERIFY_RESULT(lock);
    FakeDriver driver;
    const auto updater = makeUpdater(&driver);
    QVERIFY(updater->start());
    // The helper hears "ready", commits and gives up the lock.
    VERIFY_RESULT(Install::commit(m_fixture->layout()));
    QCOMPARE(driver.heard, QStringList());
    lock->reset();
    QTRY_COMPARE_WITH_TIMEOUT(driver.heard, QStringList{u"updated 1.0 2.0"_s}, 30'000);
}

// As a helper does that starts this program.
Result<Platform::ReadyListener> TestUpdaterStart::listen()
{
    auto listener = Platform::ReadyListener::create();
    for (const std::string &variable : listener ? listener->environment()
                                                : std::vector<std::string>()) {
        const auto equals = variable.find('=');
        qputenv(variable.substr(0, equals).c_str(),
                QByteArray::fromStdString(variable.substr(equals + 1)));
    }
    return listener;
}

void TestUpdaterStart::saysReadyByItself()
{
    auto listener = listen();
    VERIFY_RESULT(listener);
    const auto updater = makeUpdater(nullptr);
    updater->setReadyAutomatically(true);
    QVERIFY(updater->start());
    const auto isHeard = [&] {
        return Platform::waitForAny({listener->value()}, Platform::Clock::now()).has_value();
    };
    // Not before the event loop runs.
    QVERIFY(!isHeard());
    QTRY_VERIFY(isHeard());
    QVERIFY(listener->isReadyFrom(int(QCoreApplication::applicationPid())));
    QVERIFY(!qEnvironmentVariableIsSet("FRESHEN_READY"));
    QVERIFY(!qEnvironmentVariableIsSet("NOTIFY_SOCKET"));
}

void TestUpdaterStart::saysReadyWhenTold()
{
    auto listener = listen();
    VERIFY_RESULT(listener);
    m_fixture->update();
    FakeDriver driver;
    const auto updater = makeUpdater(&driver);
    QVERIFY(updater->start());
    // By then the event loop has long been running.
    QTRY_COMPARE(driver.heard, QStringList{u"updated 1.0 2.0"_s});
    QVERIFY(!Platform::waitForAny({listener->value()}, Platform::Clock::now()));
    Updater::sayReady();
    QVERIFY(Platform::waitForAny({listener->value()}, Platform::Clock::now()));
    Updater::sayReady();
}

void TestUpdaterStart::checksByItself_data()
{
    QTest::addColumn<bool>("isAllowed");
    QTest::addColumn<bool>("isDue");
    QTest::addColumn<bool>("isReachable");
    QTest::newRow("allowed and due") << true << true << true;
    QTest::newRow("acc041 allowed and due, but nobody answers") << true << true << false;
    QTest::newRow("not due") << true << false << true;
    QTest::newRow("not allowed") << false << true << true;
}

// Once, some seconds after the start; without an answer once more after an hour.
void TestUpdaterStart::checksByItself()
{
    QFETCH(bool, isAllowed);
    QFETCH(bool, isDue);
    QFETCH(bool, isReachable);
    VirtualClock clock(QDateTime::currentDateTimeUtc());
    const QDateTime last = clock.now().addDays(isDue ? -2 : 0);
    m_settings->setValue(u"Freshen/AutomaticallyChecks"_s, isAllowed);
    m_settings->setValue(u"Freshen/LastCheckTime"_s, last);
    FaultServer server;
    server.serve(u"/feed"_s, "no feed");
    WatchedNetwork network;
    network.diversions[u"appcast.xml"_s] = isReachable ? server.url(u"/feed"_s)
                                                       : FaultServer::deadUrl();
    FakeDriver driver;
    const auto updater = makeUpdater(&driver);
    updater->setNetworkAccessManager(&network);
    QSignalSpy failed(updater.get(), &Updater::failed);
    QVERIFY(updater->start());
    const auto pass = [&](std::chrono::minutes time) {
        clock.pass(time);
        return QTest::qWaitFor([&] { return updater->state() == State::Idle; }, 30'000);
    };
    QVERIFY(pass(1min));
    QCOMPARE(failed.count(), isAllowed && isDue ? 1 : 0);
    QVERIFY(pass(58min));
    QCOMPARE(failed.count(), isAllowed && isDue ? 1 : 0);
    QVERIFY(pass(2min));
    QCOMPARE(failed.count(), isAllowed && isDue ? 2 : 0);
    QCOMPARE(network.requests.contains(u"appcast.xml"_s), isAllowed && isDue);
}

// Of any product, because nobody else does for an app that is gone.
void TestUpdaterStart::removesWhatIsForgotten()
{
    const auto cache = m_fixture->path("cache");
    qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(cache.string()));
    const auto restore = qScopeGuard([] { qunsetenv("XDG_CACHE_HOME"); });
    const auto write = [&](const char *name, std::chrono::hours age) {
        const auto file = cache / "freshen" / name;
        std::filesystem::create_directories(file.parent_path());
        writeText(file, "x");
        const auto time = std::filesystem::file_time_type::clock::now() - age;
        std::filesystem::last_write_time(file, time);
        if (file.parent_path().filename() != "feeds")
            std::filesystem::last_write_time(file.parent_path(), time);
        return file;
    };
    const auto oldDownload = write("downloads/org.example.gone/a.zip.part", 15 * 24h);
    const auto oldFeed = write("feeds/old", 61 * 24h);
    const auto download = write("downloads/org.example.other/a.zip.part", 13 * 24h);
    const auto feed = write("feeds/new", 59 * 24h);
    FakeDriver driver;
    const auto updater = makeUpdater(&driver);
    QVERIFY(updater->start());
    QTRY_VERIFY(!std::filesystem::exists(oldFeed));
    QVERIFY(!std::filesystem::exists(oldDownload.parent_path()));
    QVERIFY(std::filesystem::exists(download));
    QVERIFY(std::filesystem::exists(feed));
}

QTEST_GUILESS_MAIN(TestUpdaterStart)
#include "tst_updaterstart.moc"
