// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What a version goes through from its start to its end, and how its connections leave.

#include <Freshen/handover.h>

#include "lib/handover/connectionmoves.h"
#include "tests/auto/handover/agentrun.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using State = Handover::State;

class TestHandoverLife : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mosn_TestSetGetState();
    void mosn_TestOnStateChanged();
    void mosn_TestStageManager();
    void tableflip_TestChildExit();
    void tableflip_TestChildReady();
    void mosn_TestMosnForward_data();
    void mosn_TestMosnForward();
    void mosn_TestServerGoAwayBeforeResponse();
    void mosn_TestServerGoAwayAfterResponse();
    void movesAreSpread();
    void stateOfOtherVersions_data();
    void stateOfOtherVersions();
};

namespace {

// The states that a version goes through; each change is told once.
struct Life {
    Life()
    {
        QObject::connect(&handover, &Handover::stateChanged,
                         [this] { states.append(handover.state()); });
        HandoverOptions options;
        options.executable = QString::fromUtf8(FRESHEN_AGENT);
        options.arguments = QStringList{agent.tcp()};
        handover.setOptions(options);
    }
    // The next version's arguments name the port of this one.
    bool listen()
    {
        return handover.listen(&server, QHostAddress::LocalHost, agent.port()) && handover.ready();
    }

    AgentRun agent;
    Handover handover;
    QTcpServer server;
    QList<State> states;
};

} // namespace

void TestHandoverLife::mosn_TestSetGetState()
{
    Life life;
    QCOMPARE(life.handover.state(), State::Starting);
    QVERIFY(life.listen());
    QCOMPARE(life.handover.state(), State::Serving);
    life.handover.stop();
    QCOMPARE(life.handover.state(), State::Stopped);
}

void TestHandoverLife::mosn_TestOnStateChanged()
{
    Life life;
    QVERIFY(life.listen());
    QVERIFY(life.handover.ready()); // no change
    HandoverOptions options = life.handover.options();
    options.environment = QStringList{u"FRESHEN_TEST_BEHAVIOUR=fail"_s};
    life.handover.setOptions(options);
    QSignalSpy failed(&life.handover, &Handover::failed);
    QCOMPARE(life.handover.handOver(), Handover::Refusal::None);
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 60'000);
    life.handover.stop();
    life.handover.stop(); // no change
    const QList<State> expected = {State::Serving, State::HandingOver, State::Serving,
                                   State::Stopped};
    QCOMPARE(life.states, expected);
}

// A version that leaves for the next one ends as Finished, one that is stopped as Stopped.
void TestHandoverLife::mosn_TestStageManager()
{
    Life life;
    QSignalSpy finished(&life.handover, &Handover::finished);
    QVERIFY(life.listen());
    QCOMPARE(life.handover.handOver(), Handover::Refusal::None);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
    life.handover.stop(); // too late to be a stop
    const QList<State> expected = {State::Serving, State::HandingOver, State::Leaving,
                                   State::Finished};
    QCOMPARE(life.states, expected);
    QCOMPARE(Talk(life.agent.port()).generation(), 2);
}

// Once it was ready, its end is no failure of the handover.
void TestHandoverLife::tableflip_TestChildExit()
{
    Life life;
    QSignalSpy failed(&life.handover, &Handover::failed);
    QSignalSpy handedOver(&life.handover, &Handover::handedOver);
    QSignalSpy finished(&life.handover, &Handover::finished);
    QVERIFY(life.listen());
    HandoverOptions options = life.handover.options();
    options.environment = QStringList{u"FRESHEN_TEST_BEHAVIOUR=leave"_s};
    life.handover.setOptions(options);
    QCOMPARE(life.handover.handOver(), Handover::Refusal::None);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
    QCOMPARE(handedOver.size(), 1);
    QCOMPARE(failed.size(), 0);
}

void TestHandoverLife::tableflip_TestChildReady()
{
    Life life;
    QSignalSpy handedOver(&life.handover, &Handover::handedOver);
    QVERIFY(life.listen());
    QCOMPARE(life.handover.handOver(), Handover::Refusal::None);
    QCOMPARE(handedOver.size(), 0); // not by being started
    QTRY_COMPARE_WITH_TIMEOUT(handedOver.size(), 1, 60'000);
    QCOMPARE(Talk(life.agent.port()).generation(), 2);
}

void TestHandoverLife::mosn_TestMosnForward_data()
{
    QTest::addColumn<QByteArray>("command");
    QTest::newRow("the next version takes over") << QByteArray("handover");
    QTest::newRow("stop") << QByteArray("stop");
}

// A request of 500 ms that is under way when the version stops accepting is answered in full.
void TestHandoverLife::mosn_TestMosnForward()
{
    QFETCH(QByteArray, command);
    AgentRun agent;
    QVERIFY(agent.start());
    Talk old(agent.port());
    Talk slow(agent.port());
    slow.say("slow 500");
    QTRY_COMPARE(old.ask("busy"), "1");
    old.ask(command);
    QCOMPARE(slow.hear().size(), 10'000);
    if (command == "stop")
        QVERIFY(!Talk(agent.port()).isConnected());
    else
        QVERIFY(agent.waitForGeneration(2));
    old.ask("quit");
}

// Asked to leave in the middle of a request: answered, closed, and the next one goes to the next
// version.
void TestHandoverLife::mosn_TestServerGoAwayBeforeResponse()
{
    AgentRun agent;
    QVERIFY(agent.start());
    Talk slow(agent.port());
    Talk old(agent.port());
    old.ask("set close");
    slow.say("slow 1000");
    QTRY_COMPARE(old.ask("busy"), "1");
    old.say("handover");
    QVERIFY(old.waitForEnd()); // it was idle
    QCOMPARE(slow.hear().size(), 10'000);
    QVERIFY(slow.waitForEnd());
    QCOMPARE(Talk(agent.port()).generation(), 2);
}

void TestHandoverLife::mosn_TestServerGoAwayAfterResponse()
{
    AgentRun agent;
    QVERIFY(agent.start());
    Talk old(agent.port());
    Talk kept(agent.port());
    QCOMPARE(kept.ask("slow 1").size(), 10'000);
    QCOMPARE(kept.generation(), 1); // a response does not end it
    old.ask("set close");
    old.say("handover");
    QVERIFY(kept.waitForEnd());
    QCOMPARE(Talk(agent.port()).generation(), 2);
    // Nothing was left, so the old version did not wait.
    QVERIFY(Platform::waitForAny({agent.process().handle().value()},
                                 Platform::Clock::now() + std::chrono::seconds(25)));
    QCOMPARE(agent.process().exitCode(), std::optional<int>(0));
}

void TestHandoverLife::movesAreSpread()
{
    using std::chrono::milliseconds;
    QCOMPARE(ConnectionMoves::delay(milliseconds(0)).count(), 0);
    milliseconds least = milliseconds::max();
    milliseconds most = milliseconds::min();
    for (int i = 0; i < 10'000; ++i) {
        const milliseconds delay = ConnectionMoves::delay(milliseconds(1000));
        least = std::min(least, delay);
        most = std::max(most, delay);
    }
    QVERIFY(least.count() >= 1000 && least.count() < 1100);
    QVERIFY(most.count() <= 2000 && most.count() > 1900);
    AgentRun agent;
    QVERIFY(agent.start());
    Talk old(agent.port());
    old.ask("set move");
    old.ask("set spread 400");
    Talk other(agent.port());
    QCOMPARE(other.generation(), 1);
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(old.ask("handover"), "None");
    QTRY_COMPARE_WITH_TIMEOUT(other.generation(), 2, 30'000);
    QVERIFY(timer.elapsed() >= 400);
    QTRY_COMPARE_WITH_TIMEOUT(old.generation(), 2, 30'000);
}

void TestHandoverLife::stateOfOtherVersions_data()
{
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<QByteArray>("effective");
    QTest::newRow("same") << QByteArray("7") << QByteArray("drafts");
    QTest::newRow("older") << QByteArray("8") << QByteArray("migrated drafts");
    QTest::newRow("newer") << QByteArray("6") << QByteArray("fresh");
}

// The old version writes 7.
void TestHandoverLife::stateOfOtherVersions()
{
    QFETCH(QByteArray, version);
    QFETCH(QByteArray, effective);
    AgentRun agent;
    QVERIFY(agent.start());
    Talk old(agent.port());
    old.ask("state drafts");
    old.ask("set env FRESHEN_TEST_STATE=" + version);
    QCOMPARE(old.ask("handover"), "None");
    const QByteArray last = old.waitFor("handedOver");
    QCOMPARE(last.contains("declined=version 7 is newer"), version == "6");
    Talk next(agent.port());
    QCOMPARE(next.ask("inherited"), "7 drafts");
    QCOMPARE(next.ask("effective"), effective);
    // It hands on its own version.
    old.ask("quit");
    QTRY_COMPARE(next.ask("parent"), "no");
    QCOMPARE(next.ask("handover"), "None");
    QVERIFY(agent.waitForGeneration(3));
    QCOMPARE(Talk(agent.port()).ask("inherited"), version + ' ' + effective);
}

QTEST_GUILESS_MAIN(TestHandoverLife)
#include "tst_handoverlife.moc"
