// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/handover.h>

#include "lib/handover/message.h"
#include "platform/channel.h"
#include "tests/auto/handover/agentrun.h"
#include "tests/support/resultcheck.h"

#include <QCborArray>
#include <QFile>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

#include <fcntl.h>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Kind = HandoverMessage::Kind;
using Platform::Channel;
using Platform::Clock;

class TestHandoverFailures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acc092_childFailsBeforeReady_data();
    void acc092_childFailsBeforeReady();
    void tableflip_TestUpgraderConcurrentUpgrade();
    void acc095_twoAtOnce();
    void acc095_handoverDuringShutdown();
    void tableflip_TestUpgraderShutdownCancelsUpgrade();
    void tableflip_TestParentExit();
    void acc094_oldDies_data();
    void acc094_oldDies();
    void acc096_wrongMessages_data();
    void acc096_wrongMessages();
    void acc096_wrongOffers_data();
    void acc096_wrongOffers();
    void acc096_wrongVariable_data();
    void acc096_wrongVariable();
    void acc097_drainTimeIsOver();
    void acc098_socketPathStaysValid();
    void stateCanBeDeclined_data();
    void stateCanBeDeclined();
    void nobodyToTakeOverFrom();

private:
    QTemporaryDir m_folder;
};

namespace {

Platform::Deadline patience()
{
    return Clock::now() + std::chrono::seconds(30);
}

// Their numbers; ended ones that nobody has waited for count, too.
QByteArray childrenOf(int process)
{
    QFile file(u"/proc/%1/task/%1/children"_s.arg(process));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unknown");
}

std::string said(const char *version, int generation, const QString &kind)
{
    const QCborMap map = {
        {u"v"_s, QByteArray(version).toInt()}, {u"g"_s, generation}, {u"m"_s, kind}};
    return map.toCborValue().toCbor().toStdString();
}

} // namespace

void TestHandoverFailures::acc092_childFailsBeforeReady_data()
{
    QTest::addColumn<QByteArray>("behaviour");
    QTest::addColumn<QByteArray>("message");
    // As tableflip's TestUpgraderCleanExit, UncleanExit, Timeout, TestChildKill, TestChildExit and
    // TestChildNotReady.
    QTest::newRow("tableflip_TestUpgraderCleanExit")
        << QByteArray("exit") << QByteArray("ended with exit code 0");
    QTest::newRow("tableflip_TestUpgraderUncleanExit")
        << QByteArray("fail") << QByteArray("ended with exit code 3");
    QTest::newRow("tableflip_TestChildKill")
        << QByteArray("crash") << QByteArray("ended with exit code 137");
    QTest::newRow("tableflip_TestUpgraderTimeout")
        << QByteArray("hang") << QByteArray("not ready within 300 ms");
}

void TestHandoverFailures::acc092_childFailsBeforeReady()
{
    QFETCH(QByteArray, behaviour);
    QFETCH(QByteArray, message);
    AgentRun agent;
    QVERIFY(agent.start());
    Talk old(agent.port());
    const int process = old.process();
    if (behaviour == "hang")
        old.ask("set timeout 300");
    old.ask("set env FRESHEN_TEST_BEHAVIOUR=" + behaviour);
    // As often as one likes, and nobody is refused meanwhile.
    for (int attempt = 0; attempt < 3; ++attempt) {
        QCOMPARE(old.ask("handover"), "None");
        QCOMPARE(Talk(agent.port()).process(), process);
        const QByteArray last = old.waitFor("failed");
        QVERIFY2(last.startsWith("failed NOT_READY") && last.contains(message)
                     && last.contains("state=Serving"),
                 last.constData());
        QCOMPARE(childrenOf(process), QByteArray());
    }
    QCOMPARE(Talk(agent.port()).process(), process);
    old.ask("set timeout 60000");
    old.ask("set env FRESHEN_TEST_BEHAVIOUR=none");
    QCOMPARE(old.ask("handover"), "None");
    QVERIFY(old.waitFor("handedOver").startsWith("handedOver"));
    // Each attempt had a number of its own.
    QCOMPARE(Talk(agent.port()).generation(), 5);
}

void TestHandoverFailures::tableflip_TestUpgraderConcurrentUpgrade()
{
    AgentRun agent;
    QVERIFY(agent.start());
    Talk old(agent.port());
    old.ask("set env FRESHEN_TEST_BEHAVIOUR=hang");
    QCOMPARE(old.ask("handover"), "None");
    QCOMPARE(old.ask("handover"), "InProgress");
    old.ask("stop");
}

void TestHandoverFailures::acc095_twoAtOnce()
{
    const QString path = m_folder.filePath(u"two/rendezvous"_s);
    AgentRun agent;
    QVERIFY(agent.start({u"--offer"_s, path}));
    Talk old(agent.port());
    old.ask("set env FRESHEN_TEST_BEHAVIOUR=hang");
    QCOMPARE(old.ask("handover"), "None");
    Handover visitor;
    QVERIFY(!visitor.takeOverFrom(path));
    QCOMPARE(visitor.lastError().code(), u"BUSY"_s);
    QVERIFY(old.ask("last").contains("state=HandingOver"));
    old.ask("set timeout 1");
    old.ask("stop");
}

void TestHandoverFailures::acc095_handoverDuringShutdown()
{
    AgentRun agent;
    QVERIFY(agent.start());
    Talk old(agent.port());
    old.ask("stop");
    QCOMPARE(old.ask("handover"), "Stopping");
    old.ask("quit");
    QVERIFY(Platform::waitForAny({agent.process().handle().value()}, patience()));
    QCOMPARE(agent.process().exitCode(), std::optional<int>(0));
}

void TestHandoverFailures::tableflip_TestUpgraderShutdownCancelsUpgrade()
{
    const QString path = m_folder.filePath(u"cancelled"_s);
    AgentRun agent;
    QVERIFY(agent.start({u"unix:"_s + path}));
    Talk old(agent.port());
    old.ask("set env FRESHEN_TEST_BEHAVIOUR=hang");
    QCOMPARE(old.ask("handover"), "None");
    QVERIFY(QFile::exists(path));
    QCOMPARE(old.ask("stop"), "ok");
    QVERIFY(old.ask("last").startsWith("failed CANCELLED"));
    QCOMPARE(old.ask("handover"), "Stopping");
    // Nobody else owns it.
    QVERIFY(!QFile::exists(path));
}

// What the version before says must make sense.
void TestHandoverFailures::tableflip_TestParentExit()
{
    const QString path = m_folder.filePath(u"garbage/rendezvous"_s);
    auto server = Platform::ChannelServer::listen(path.toStdString());
    VERIFY_RESULT(server);
    std::optional<Channel> old;
    std::thread parent([&] {
        if (Platform::waitForAny({server->value()}, patience())) {
            old = std::move(server->accept().value());
            old->receive(patience());
            old->send(HandoverMessage{Kind::Hello, 5, {{u"count"_s, 0}}}.encoded());
        }
    });
    Handover next;
    const bool isTaken = next.takeOverFrom(path);
    parent.join();
    QVERIFY2(isTaken, qPrintable(next.lastError().message()));
    QCOMPARE(next.generation(), 5);
    QVERIFY(next.hasParent());
    VERIFY_RESULT(old->send("x"));
    QVERIFY(!next.waitForParent(std::chrono::seconds(30)));
    QCOMPARE(next.lastError().code(), u"PROTOCOL"_s);
    QVERIFY(!next.waitForParent(std::chrono::seconds(0)));
    QCOMPARE(next.lastError().code(), u"PROTOCOL"_s);
}

void TestHandoverFailures::acc094_oldDies_data()
{
    QTest::addColumn<bool>("isReady");
    QTest::newRow("before the next version is ready") << false;
    QTest::newRow("after it") << true;
}

// The listening socket survives in the next version.
void TestHandoverFailures::acc094_oldDies()
{
    QFETCH(bool, isReady);
    const QString path = m_folder.filePath(u"dies/rendezvous"_s);
    AgentRun agent;
    QVERIFY(agent.start({u"--offer"_s, path}));
    Talk old(agent.port());
    Handover next;
    QSignalSpy gone(&next, &Handover::parentGone);
    QVERIFY(next.takeOverFrom(path));
    QTcpServer server;
    QVERIFY(next.listen(&server, QHostAddress::LocalHost, agent.port()));
    if (isReady)
        QVERIFY(next.ready());
    agent.process().kill();
    QTRY_COMPARE_WITH_TIMEOUT(gone.size(), 1, 60'000);
    if (!isReady)
        QVERIFY(next.ready());
    QTcpSocket client;
    client.connectToHost(QHostAddress::LocalHost, agent.port());
    QVERIFY(client.waitForConnected(30'000));
    QTRY_VERIFY_WITH_TIMEOUT(server.hasPendingConnections(), 30'000);
    QCOMPARE(next.refusal(), Handover::Refusal::None);
    server.close();
    client.abort();
}

void TestHandoverFailures::acc096_wrongMessages_data()
{
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char *name, const std::string &text) {
        QTest::newRow(name) << QByteArray::fromStdString(text);
    };
    row("other protocol", said("2", 0, u"takeover"_s));
    row("other generation kind", said("1", 0, u"ready"_s));
    row("unknown kind", said("1", 0, u"please"_s));
    row("no map", "\x01");
    row("no CBOR", "GET / HTTP/1.1\r\n");
    row("cut", said("1", 0, u"takeover"_s).substr(0, 9));
}

// The old version serves on, and the next right one is welcome.
void TestHandoverFailures::acc096_wrongMessages()
{
    QFETCH(QByteArray, message);
    const QString path = m_folder.filePath(u"wrong/rendezvous"_s);
    AgentRun agent;
    QVERIFY(agent.start({u"--offer"_s, path}));
    Talk old(agent.port());
    {
        auto visitor = Channel::connect(path.toStdString());
        VERIFY_RESULT(visitor);
        VERIFY_RESULT(visitor->send(message.toStdString()));
        const auto answer = visitor->receive(patience());
        QVERIFY(!answer || !*answer);
    }
    QVERIFY(old.waitFor("failed PROTOCOL").contains("state=Serving"));
    // A visitor that gets what it asked for and then speaks of another handover.
    auto visitor = Channel::connect(path.toStdString());
    VERIFY_RESULT(visitor);
    VERIFY_RESULT(visitor->send(HandoverMessage{Kind::TakeOver, 0, {}}.encoded()));
    const auto hello = visitor->receive(patience());
    VERIFY_RESULT(hello);
    const auto decoded = HandoverMessage::decode(hello->value());
    VERIFY_RESULT(decoded);
    VERIFY_RESULT(
        visitor->send(HandoverMessage{Kind::Ready, decoded->generation + 1, {}}.encoded()));
    QVERIFY(old.waitFor("failed PROTOCOL The other process speaks of another")
                .contains("state=Serving"));
    QCOMPARE(Talk(agent.port()).process(), agent.process().id());
}

void TestHandoverFailures::acc096_wrongOffers_data()
{
    QTest::addColumn<QCborMap>("hello");
    QTest::addColumn<int>("names");
    QTest::addColumn<int>("descriptors");
    QTest::newRow("fewer than named") << QCborMap{{u"count"_s, 2}} << 2 << 1;
    QTest::newRow("more than named") << QCborMap{{u"count"_s, 1}} << 1 << 2;
    QTest::newRow("more than announced") << QCborMap{{u"count"_s, 1}} << 2 << 2;
    QTest::newRow("no count") << QCborMap() << 0 << 0;
    QTest::newRow("negative count") << QCborMap{{u"count"_s, -2}} << 0 << 0;
    QTest::newRow("state without a file") << QCborMap{{u"count"_s, 0}, {u"state"_s, 1}} << 0 << 0;
}

void TestHandoverFailures::acc096_wrongOffers()
{
    QFETCH(QCborMap, hello);
    QFETCH(int, names);
    QFETCH(int, descriptors);
    const QString path = m_folder.filePath(u"offers/rendezvous"_s);
    auto server = Platform::ChannelServer::listen(path.toStdString());
    VERIFY_RESULT(server);
    const Platform::Descriptor file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    std::thread old([&] {
        if (!Platform::waitForAny({server->value()}, patience()))
            return;
        auto channel = server->accept();
        channel->receive(patience());
        channel->send(HandoverMessage{Kind::Hello, 2, hello}.encoded());
        QCborArray list;
        for (int i = 0; i < names; ++i)
            list.append(u"file%1"_s.arg(i));
        const std::vector<int> sent(std::size_t(descriptors), file.value());
        const HandoverMessage batch{Kind::Descriptors, 2, {{u"names"_s, list}}};
        if (!channel->trySend(batch.encoded(), sent))
            return; // refused before that
        // Nothing more; the end of the connection must not be what is noticed.
        channel->receive(patience());
    });
    {
        Handover next;
        const bool isTaken = next.takeOverFrom(path);
        const UpdateError error = next.lastError();
        QVERIFY(next.descriptorNames().isEmpty());
        QCOMPARE(next.generation(), 1);
        old.join();
        QVERIFY(!isTaken);
        QCOMPARE(error.code(), u"PROTOCOL"_s);
    }
}

void TestHandoverFailures::acc096_wrongVariable_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("no number") << QByteArray("x");
    QTest::newRow("closed") << QByteArray("4000");
    QTest::newRow("standard stream") << QByteArray("1");
    QTest::newRow("no socket") << QByteArray("file");
}

// A next version that cannot trust what it got never says ready.
void TestHandoverFailures::acc096_wrongVariable()
{
    QFETCH(QByteArray, value);
    if (value == "file")
        value = QByteArray::number(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    qputenv("FRESHEN_HANDOVER", value);
    Handover next;
    QVERIFY(!qEnvironmentVariableIsSet("FRESHEN_HANDOVER"));
    QCOMPARE(next.lastError().code(), u"PROTOCOL"_s);
    QVERIFY(!next.ready());
    QCOMPARE(next.lastError().code(), u"PROTOCOL"_s);
    QCOMPARE(next.state(), Handover::State::Starting);
}

void TestHandoverFailures::acc097_drainTimeIsOver()
{
    AgentRun agent;
    QVERIFY(agent.start());
    Talk old(agent.port());
    Talk idle(agent.port());
    QCOMPARE(idle.generation(), 1);
    old.ask("set drain 300");
    QCOMPARE(old.ask("handover"), "None");
    // Both connections are ended, and with the last one the process.
    QVERIFY(idle.waitForEnd());
    QVERIFY(old.waitForEnd());
    QVERIFY(Platform::waitForAny({agent.process().handle().value()}, patience()));
    QCOMPARE(agent.process().exitCode(), std::optional<int>(2));
    QCOMPARE(Talk(agent.port()).generation(), 2);
}

void TestHandoverFailures::acc098_socketPathStaysValid()
{
    const QString path = m_folder.filePath(u"race"_s);
    AgentRun agent;
    QVERIFY(agent.start({u"unix:"_s + path}));
    Talk old(agent.port());
    // A next version that fails does not remove it …
    old.ask("set env FRESHEN_TEST_BEHAVIOUR=fail");
    QCOMPARE(old.ask("handover"), "None");
    QVERIFY(old.waitFor("failed").startsWith("failed"));
    QVERIFY(QFile::exists(path));
    // … nor does an old one that leaves, however it is told to.
    old.ask("set env FRESHEN_TEST_BEHAVIOUR=none");
    QCOMPARE(old.ask("handover"), "None");
    QVERIFY(old.waitFor("handedOver").startsWith("handedOver"));
    old.ask("stop");
    old.ask("quit");
    QVERIFY(old.waitForEnd());
    QVERIFY(Platform::waitForAny({agent.process().handle().value()}, patience()));
    QVERIFY(QFile::exists(path));
    Talk next(agent.port());
    QCOMPARE(next.ask("stop"), "ok");
    QVERIFY(!QFile::exists(path));
    next.ask("quit");
}

void TestHandoverFailures::stateCanBeDeclined_data()
{
    QTest::addColumn<bool>("isNeeded");
    QTest::newRow("goes on without") << false;
    QTest::newRow("is given up") << true;
}

void TestHandoverFailures::stateCanBeDeclined()
{
    QFETCH(bool, isNeeded);
    AgentRun agent;
    QVERIFY(agent.start());
    Talk old(agent.port());
    old.ask("set env FRESHEN_TEST_BEHAVIOUR=decline");
    if (isNeeded)
        old.ask("set needsState");
    QCOMPARE(old.ask("handover"), "None");
    const QByteArray last = old.waitFor(isNeeded ? "failed VETOED" : "handedOver");
    QVERIFY2(last.contains("declined=too/old"), last.constData());
    QCOMPARE(Talk(agent.port()).generation(), isNeeded ? 1 : 2);
}

void TestHandoverFailures::nobodyToTakeOverFrom()
{
    Handover handover;
    QVERIFY(!handover.takeOverFrom(m_folder.filePath(u"nobody"_s)));
    QCOMPARE(handover.lastError().code(), u"NETWORK"_s);
    QVERIFY(handover.ready());
    QVERIFY(!handover.takeOverFrom(m_folder.filePath(u"nobody"_s)));
    QCOMPARE(handover.lastError().code(), u"CONFIG"_s);
}

QTEST_GUILESS_MAIN(TestHandoverFailures)
#include "tst_handoverfailures.moc"
