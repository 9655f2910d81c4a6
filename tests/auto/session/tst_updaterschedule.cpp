// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// When the next check comes after one that failed.

#include "tests/auto/session/updaterfixture.h"
#include "tests/support/virtualclock.h"

#include <Freshen/FaultServer>

#include <QLocale>
#include <QSignalSpy>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using State = Updater::State;

namespace {

QByteArray httpDate(const QDateTime &time)
{
    return QLocale::c().toString(time.toUTC(), u"ddd, dd MMM yyyy HH:mm:ss 'GMT'"_s).toLatin1();
}

// An app that may check by itself, and whose feed comes from a server that can be told what to say.
class FailingApp
{
public:
    FailingApp()
    {
        m_app.prepare = [this](Updater &updater) {
            QObject::connect(&updater, &Updater::failed, &updater, [this] { ++m_failures; });
            QObject::connect(&updater, &Updater::checkScheduled, &updater,
                             [this](const QDateTime &time) { m_next = time; });
        };
        m_app.settings.setValue(u"Freshen/AutomaticallyChecks"_s, true);
        m_app.settings.setValue(u"Freshen/LastCheckTime"_s, last);
        m_app.network.diversions[u"appcast.xml"_s] = m_server.url(u"/feed"_s);
        m_app.restart();
    }

    void sayUnavailable(const QByteArray &retryAfter)
    {
        FaultAnswer answer;
        answer.status = 503;
        answer.retryAfter = retryAfter;
        m_server.serve(u"/feed"_s, answer);
    }

    // Lets time pass and waits for what it brings; returns how many checks failed meanwhile.
    int pass(std::chrono::seconds time)
    {
        const int before = m_failures;
        clock.pass(time, [this] { QVERIFY(isQuiet()); });
        return m_failures - before;
    }
    bool isQuiet()
    {
        return QTest::qWaitFor(
            [this] { return state() == State::Idle || state() == State::WaitingForQuit; }, 60'000);
    }
    void restart() { m_app.restart(); }

    State state() const { return m_app.state(); }
    UpdaterFixture &app() { return m_app; }
    FaultServer &server() { return m_server; }
    int failures() const { return m_failures; }
    qint64 secondsToNext() const { return clock.now().secsTo(m_next); }

    VirtualClock clock;
    const QDateTime last = clock.now().addDays(-2);

private:
    FaultServer m_server;
    UpdaterFixture m_app;
    int m_failures = 0;
    QDateTime m_next;
};

} // namespace

class TestUpdaterSchedule : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acc041_nobodyAnswers_data();
    void acc041_nobodyAnswers();
    void acc044_retryAfter_data();
    void acc044_retryAfter();
    void acc044_survivesARestart();
    void acc044_personIsNotHeld();
    void acc044_outlastsANewSetting();
    void acc044_wishOfAWrongClock();
    void acc044_whileAnUpdateWaits();
};

void TestUpdaterSchedule::acc041_nobodyAnswers_data()
{
    QTest::addColumn<QUrl>("url");
    QTest::newRow("refused") << FaultServer::deadUrl();
    QTest::newRow("no such name") << QUrl(u"http://host.invalid/feed"_s);
    QTest::newRow("silence") << QUrl();
}

void TestUpdaterSchedule::acc041_nobodyAnswers()
{
    QFETCH(QUrl, url);
    FailingApp app;
    FaultAnswer silence;
    silence.stallAfter = 0;
    silence.content = "feed";
    app.server().serve(u"/feed"_s, silence);
    app.app().network.setTransferTimeout(500);
    if (!url.isEmpty())
        app.app().network.diversions[u"appcast.xml"_s] = url;
    FakeDriver &driver = app.app().driver;

    // In the background nobody hears of it, and it is tried again in an hour.
    QCOMPARE(app.pass(1min), 1);
    QCOMPARE(app.app().updater().lastError().code(), u"NETWORK"_s);
    QCOMPARE(driver.takeHeard(), QStringList{u"dismiss"_s});
    QCOMPARE(app.app().updater().lastCheckTime(), app.last);
    QCOMPARE(app.pass(58min), 0);
    QCOMPARE(app.pass(2min), 1);
    QCOMPARE(driver.takeHeard(), QStringList{u"dismiss"_s});

    // A person is told, and the next check in the background stays where it was.
    const qint64 before = app.secondsToNext();
    QVERIFY(before > 3400 && before <= 3600);
    app.app().updater().checkForUpdates();
    QVERIFY(app.isQuiet());
    QCOMPARE(driver.takeHeard(),
             (QStringList{u"progress Checking"_s, u"dismiss"_s, u"error NETWORK"_s}));
    const QString message = driver.error.message();
    QVERIFY2(message.contains(u"appcast.xml"_s) || message.contains(u"/feed"_s),
             qPrintable(message));
    QCOMPARE(app.secondsToNext(), before);
    QCOMPARE(app.app().updater().lastCheckTime(), app.last);
}

void TestUpdaterSchedule::acc044_retryAfter_data()
{
    QTest::addColumn<QByteArray>("retryAfter"); // "+N": the date in so many seconds
    QTest::addColumn<int>("seconds"); // until the next check
    QTest::newRow("two hours") << QByteArray("7200") << 7200;
    QTest::newRow("a date") << QByteArray("+10800") << 10800;
    QTest::newRow("ten days") << QByteArray("999999") << 86400;
    QTest::newRow("a date next year") << QByteArray("+31536000") << 86400;
    QTest::newRow("a minute") << QByteArray("60") << 3600;
    QTest::newRow("a date that is over") << QByteArray("+-5") << 3600;
    QTest::newRow("nonsense") << QByteArray("tomorrow") << 3600;
    QTest::newRow("none") << QByteArray() << 3600;
}

void TestUpdaterSchedule::acc044_retryAfter()
{
    QFETCH(QByteArray, retryAfter);
    QFETCH(int, seconds);
    FailingApp app;
    if (retryAfter.startsWith('+'))
        retryAfter = httpDate(app.clock.now().addSecs(retryAfter.mid(1).toInt()));
    app.sayUnavailable(retryAfter);
    QCOMPARE(app.pass(2s), 1);
    QCOMPARE(app.app().updater().lastError().code(), u"HTTP_STATUS"_s);
    QCOMPARE(app.app().driver.takeHeard(), QStringList{u"dismiss"_s});
    const qint64 next = app.secondsToNext();
    QVERIFY2(next <= seconds && next > seconds - 5, qPrintable(QString::number(next)));
    QCOMPARE(app.pass(std::chrono::seconds(seconds - 10)), 0);
    QCOMPARE(app.pass(10s), 1);
}

void TestUpdaterSchedule::acc044_survivesARestart()
{
    FailingApp app;
    app.sayUnavailable("7200");
    QCOMPARE(app.pass(2s), 1);
    app.restart();
    QCOMPARE(app.pass(119min), 0);
    app.restart();
    QCOMPARE(app.pass(2min), 1);
    // Without a wish, the next start is the next chance.
    app.sayUnavailable({});
    QCOMPARE(app.pass(121min), 1);
    app.restart();
    QCOMPARE(app.pass(2s), 1);
}

void TestUpdaterSchedule::acc044_personIsNotHeld()
{
    FailingApp app;
    app.sayUnavailable("7200");
    QCOMPARE(app.pass(2s), 1);
    app.app().driver.heard.clear();
    const int asked = app.server().requests(u"/feed"_s);
    app.app().updater().checkForUpdates();
    QVERIFY(app.isQuiet());
    QCOMPARE(app.server().requests(u"/feed"_s), asked + 1);
    QCOMPARE(app.app().driver.heard.last(), u"error HTTP_STATUS"_s);
    // What the server said to the person counts as well.
    app.sayUnavailable("14400");
    app.app().updater().checkForUpdates();
    QVERIFY(app.isQuiet());
    QCOMPARE(app.pass(239min), 0);
    QCOMPARE(app.pass(2min), 1);
}

void TestUpdaterSchedule::acc044_outlastsANewSetting()
{
    FailingApp app;
    app.sayUnavailable("7200");
    QCOMPARE(app.pass(2s), 1);
    app.app().updater().setChannels({u"beta"_s});
    QCOMPARE(app.pass(119min), 0);
    QCOMPARE(app.pass(2min), 1);
}

// Otherwise it would hold all checks until that day.
void TestUpdaterSchedule::acc044_wishOfAWrongClock()
{
    FailingApp app;
    const QDateTime now = app.clock.now();
    app.sayUnavailable("7200");
    app.clock.set(now.addYears(1));
    QCOMPARE(app.pass(2s), 1);
    app.clock.set(now);
    app.restart();
    QCOMPARE(app.pass(2s), 1);
}

void TestUpdaterSchedule::acc044_whileAnUpdateWaits()
{
    FailingApp app;
    app.app().network.diversions.clear();
    app.app().settings.setValue(u"Freshen/AutomaticallyDownloads"_s, true);
    app.clock.pass(2s);
    QVERIFY(app.app().reaches(State::WaitingForQuit));
    app.app().network.diversions[u"appcast.xml"_s] = app.server().url(u"/feed"_s);
    app.sayUnavailable("14400");
    const auto asked = [&] { return app.server().requests(u"/feed"_s); };
    while (asked() == 0) {
        app.clock.pass(1h);
        (void)QTest::qWaitFor([&] { return asked() > 0; }, 500);
    }
    QTRY_VERIFY(app.secondsToNext() > 4 * 3600 - 60);
    app.clock.pass(3h + 50min);
    QVERIFY(!QTest::qWaitFor([&] { return asked() > 1; }, 500));
    app.clock.pass(11min);
    QTRY_COMPARE(asked(), 2);
    QCOMPARE(app.state(), State::WaitingForQuit);
}

QTEST_GUILESS_MAIN(TestUpdaterSchedule)
#include "tst_updaterschedule.moc"
