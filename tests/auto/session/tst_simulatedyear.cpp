// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// One install lives through a year, in virtual time: real feeds from a real server, real packages.
// Only the moment when the app quits is played: what its helper does then is done by the engine in
// this process (tst_updaterinstall has real ones).

#include "lib/common/convert.h"
#include "updater-helper/install/engine.h"

#include "lib/session/updatesession.h"
#include "tests/auto/session/updaterfixture.h"
#include "tests/support/resultcheck.h"
#include "tests/support/virtualclock.h"

#include <QDir>
#include <QScopeGuard>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using State = Updater::State;
using Choice = UserDriver::Choice;
using InstallTime = UserDriver::InstallTime;

class TestSimulatedYear : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void year();

private:
    void publish(const QString &version);
    void refresh();
    // The app runs all the time.
    void live(int days) { passDays(days, 24h, 0h); }
    // The computer sleeps at night.
    void liveByDay(int days) { passDays(days, 16h, 8h); }
    void passDays(int days, std::chrono::hours awake, std::chrono::hours asleep);
    void settle();
    void quitAndInstall();
    int takeChecks() { return std::exchange(m_app->network.requests[u"appcast.xml"_s], 0); }
    QStringList takeHeard();

    std::unique_ptr<VirtualClock> m_clock;
    std::unique_ptr<UpdaterFixture> m_app;
    QDateTime m_due;
    QDateTime m_next;
    int m_daysSinceRefresh = 0;
    bool m_canCheck = true;
    qint64 m_longestGap = 0; // seconds between two checks
    QDateTime m_lastCheck;
};

namespace {

// Builds and feeds get the time of the simulation.
void setBuildTime(const QDateTime &time)
{
    qputenv("SOURCE_DATE_EPOCH", QByteArray::number(time.toSecsSinceEpoch()));
}

} // namespace

void TestSimulatedYear::initTestCase()
{
    const QDateTime start(QDate(2025, 1, 6), QTime(8, 30), Qt::UTC);
    setBuildTime(start.addDays(-1));
    Workshop &shop = UpdaterFixture::shop();
    QFile::remove(shop.host() + u'/' + shop.packageName(u"2.0"_s));
    QDir(shop.path(u"trees/2.0"_s)).removeRecursively();
    shop.editFeed([](Appcast &feed) {
        feed.items.removeIf([](const AppcastItem &item) { return item.version == u"2.0"; });
    });
    m_clock = std::make_unique<VirtualClock>(start);
    m_app = std::make_unique<UpdaterFixture>();
    m_app->prepare = [this](Updater &updater) {
        connect(&updater, &Updater::checkScheduled, this, [this](const QDateTime &time) {
            m_due = std::exchange(m_next, time);
        });
    };
    m_app->restart();
}

void TestSimulatedYear::publish(const QString &version)
{
    setBuildTime(m_clock->now());
    UpdaterFixture::shop().release(version);
}

// As a publisher's timer does once a month.
void TestSimulatedYear::refresh()
{
    setBuildTime(m_clock->now());
    Workshop &shop = UpdaterFixture::shop();
    const Outcome done = shop.run(u"freshen-appcast"_s, {u"refresh"_s, u"--key"_s, shop.key(),
                                                         shop.host() + u"/appcast.xml"_s});
    QCOMPARE(done.status, 0);
}

// Waits in real time for what began at this moment of the virtual one.
void TestSimulatedYear::settle()
{
    const QDateTime now = m_clock->now();
    const bool wasDue = m_due.isValid() && m_due <= now;
    const State state = m_app->state();
    const bool mayCheck = m_canCheck && state != State::UpdateFound && state != State::ReadyToInstall
        && state != State::AskingPermission;
    const bool isSettled = QTest::qWaitFor([&] {
        const State present = m_app->state();
        const bool isQuiet = present == State::Idle || present == State::UpdateFound
            || present == State::ReadyToInstall || present == State::WaitingForQuit
            || present == State::AskingPermission;
        const bool asksAgain = present == State::ReadyToInstall;
        return isQuiet && (!wasDue || !mayCheck || asksAgain
                           || m_app->updater().lastCheckTime() == now);
    }, 60'000);
    QVERIFY2(isSettled, qPrintable(now.toString(Qt::ISODate)));
    const QDateTime last = m_app->updater().lastCheckTime();
    if (m_lastCheck.isValid() && last > m_lastCheck)
        m_longestGap = qMax(m_longestGap, m_lastCheck.secsTo(last));
    m_lastCheck = last;
}

void TestSimulatedYear::passDays(int days, std::chrono::hours awake, std::chrono::hours asleep)
{
    for (int day = 0; day < days; ++day) {
        m_clock->pass(awake, [this] { settle(); });
        m_clock->sleep(asleep);
        if (++m_daysSinceRefresh % 30 == 0)
            refresh();
    }
}

void TestSimulatedYear::quitAndInstall()
{
    const QString to = m_app->updater().availableRelease().version();
    m_app->updater().cancel();
    QCOMPARE(m_app->beside(), QStringList{u"staged"_s});
    const auto installation = Installation::open(UpdaterFixture::shop().app());
    VERIFY_RESULT(installation);
    {
        const auto lock = m_app->layout.takeLock();
        VERIFY_RESULT(lock);
        InstallOptions options;
        options.launches = false;
        const auto order = makeOrder(*installation, Install::ChangeKind::Update,
                                     toStdString(to), options);
        VERIFY_RESULT(Install::prepare(m_app->layout, order));
        VERIFY_RESULT(Install::swap(m_app->layout));
        VERIFY_RESULT(Install::commit(m_app->layout));
    }
    m_app->restart();
}

QStringList TestSimulatedYear::takeHeard()
{
    QStringList heard = m_app->driver.takeHeard();
    heard.removeAll(u"dismiss"_s);
    return heard;
}

#define COMPARE_ABOUT(actual, expected, tolerance) \
    do { \
        const int value = (actual); \
        QVERIFY2(qAbs(value - (expected)) <= (tolerance), \
                 qPrintable(QStringLiteral("%1 instead of %2").arg(value).arg(expected))); \
    } while (false)

void TestSimulatedYear::year()
{
    int total = 0;
    const auto count = [&] {
        const int checks = takeChecks();
        total += checks;
        return checks;
    };

    // January: nobody was asked, nothing is checked. The second start asks.
    live(2);
    QCOMPARE(takeChecks(), 0);
    QCOMPARE(takeHeard(), QStringList());
    m_app->restart();
    QCOMPARE(takeHeard(), QStringList{u"permission"_s});
    live(5);
    QCOMPARE(takeChecks(), 0);
    m_app->driver.permit({true, false});
    live(60);
    COMPARE_ABOUT(count(), 60, 2);
    QCOMPARE(takeHeard(), QStringList());

    // March: the computer sleeps at night; the clock on the wall counts.
    liveByDay(60);
    COMPARE_ABOUT(count(), 60, 2);
    QVERIFY2(m_longestGap <= 36 * 3600 + 2 * 3600, qPrintable(QString::number(m_longestGap)));

    // May: a release that the person does not want.
    publish(u"2.0"_s);
    live(2);
    QCOMPARE(takeHeard(), QStringList{u"found 2.0"_s});
    m_app->driver.choose(Choice::Skip);
    live(58);
    COMPARE_ABOUT(count(), 59, 3);
    QCOMPARE(takeHeard(), QStringList());

    // July: one that they put off, until they let the app do it by itself.
    publish(u"3.0"_s);
    live(2);
    QCOMPARE(takeHeard(), QStringList{u"found 3.0"_s});
    m_app->driver.choose(Choice::Later);
    live(2);
    QCOMPARE(takeHeard(), QStringList{u"found 3.0"_s});
    m_app->driver.choose(Choice::Later);
    m_app->updater().setAutomaticallyDownloads(true);
    live(2);
    QCOMPARE(m_app->state(), State::WaitingForQuit);
    QCOMPARE(takeHeard(), QStringList());
    live(9);
    QCOMPARE(takeHeard(), QStringList{u"ready 3.0"_s});
    m_app->driver.install(InstallTime::OnQuit);
    live(2);
    QCOMPARE(takeHeard(), QStringList());
    quitAndInstall();
    QVERIFY(QTest::qWaitFor([this] { return !m_app->driver.heard.isEmpty(); }, 30'000));
    QCOMPARE(takeHeard(), QStringList{u"updated 1.0 3.0"_s});
    QCOMPARE(m_app->updater().currentVersion(), u"3.0"_s);
    count();

    // August: the clock jumps back a little, and later returns. Checks go on, no feed is refused.
    m_clock->set(m_clock->now().addDays(-9));
    live(10);
    COMPARE_ABOUT(count(), 10, 2);
    m_clock->set(m_clock->now().addDays(9));
    live(10);
    COMPARE_ABOUT(count(), 10, 2);
    QVERIFY(!m_app->updater().lastError().isError());
    // Before the app was made it is a clock that nobody can trust: nothing is found, nobody is
    // bothered, and all is well again once somebody sets it.
    m_clock->set(m_clock->now().addDays(-90));
    m_canCheck = false;
    live(1);
    QCOMPARE(m_app->updater().lastError().code(), u"CLOCK"_s);
    QCOMPARE(takeHeard(), QStringList());
    m_clock->set(m_clock->now().addDays(90));
    m_canCheck = true;
    QVERIFY(count() <= 25); // once an hour

    // The rest of the year: a silent update that nobody notices but at the next start.
    live(60);
    publish(u"4.0"_s);
    live(2);
    QCOMPARE(takeHeard(), QStringList());
    QCOMPARE(m_app->state(), State::WaitingForQuit);
    quitAndInstall();
    QVERIFY(QTest::qWaitFor([this] { return !m_app->driver.heard.isEmpty(); }, 30'000));
    QCOMPARE(takeHeard(), QStringList{u"updated 3.0 4.0"_s});
    live(80);
    COMPARE_ABOUT(count(), 142, 5);
    QCOMPARE(takeHeard(), QStringList());
    QCOMPARE(m_app->state(), State::Idle);
    qInfo("%d days, %d checks", m_daysSinceRefresh, total);
}

QTEST_GUILESS_MAIN(TestSimulatedYear)
#include "tst_simulatedyear.moc"
