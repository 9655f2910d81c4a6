// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/handover.h>

#include "lib/common/convert.h"
#include "platform/channel.h"
#include "platform/ready.h"
#include "tests/auto/handover/agentrun.h"
#include "tests/support/resultcheck.h"

#include <QDir>
#include <QLocalServer>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QUdpSocket>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Refusal = Handover::Refusal;

class TestHandover : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onePerProcess();
    void tableflip_TestUpgraderOnOS();
    void tableflip_TestUpgraderReady();
    void tableflip_TestUpgraderWaitForParent();
    void tableflip_TestHasParent();
    void tableflip_TestReadyWritesPIDFile();
    void tableflip_TestWritePidFileWithoutPath();
    void tableflip_TestArgumentsArePassedCorrectly();
    void tableflip_TestChildPassedFds();
    void programArgumentsAndEnvironmentCanBeChosen();
    void mosn_TestInheritConfig();
    void mosn_TestTransfer();
    void mosn_TestGracefulShutdown();
    void mosn_TestInitUDSDir_data();
    void mosn_TestInitUDSDir();
    void datagramsAndLocalSockets();
    void strangersInOtherLanguages();
    void serviceManagerHearsOfTheNextVersion();
    void fiftyHandoversLeaveNothingOpen();
};

void TestHandover::onePerProcess()
{
    Handover first;
    Handover second;
    QVERIFY(first.ready());
    QVERIFY(first.ready()); // harmless
    QVERIFY(!second.ready());
    QCOMPARE(second.lastError().code(), u"CONFIG"_s);
    QCOMPARE(second.handOver(), Refusal::Unsupported);
    QVERIFY(!first.move(nullptr));
}

// A real second process, before ready refused, other process, each file under its own name.
void TestHandover::tableflip_TestUpgraderOnOS()
{
    {
        Handover handover;
        QCOMPARE(handover.handOver(), Refusal::NotReady);
        QCOMPARE(handover.generation(), 1);
    }
    QTemporaryDir folder;
    std::vector<QByteArray> inodes;
    std::vector<Platform::Descriptor> files;
    Platform::StartRequest request;
    for (int i = 0; i < 3; ++i) {
        const QByteArray path = folder.filePath(u"file%1"_s.arg(i)).toUtf8();
        files.emplace_back(::open(path.constData(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
        struct stat status = {};
        QCOMPARE(::fstat(files.back().value(), &status), 0);
        inodes.push_back(QByteArray::number(qulonglong(status.st_ino)));
        request.descriptors.push_back(files.back().value());
        request.listenNames.push_back("file" + std::to_string(i));
    }
    AgentRun agent;
    QVERIFY(agent.start({}, request));
    Talk old(agent.port());
    QCOMPARE(old.generation(), 1);
    QCOMPARE(old.ask("handover"), "None");
    QVERIFY(old.waitFor("handedOver").startsWith("handedOver"));
    Talk next(agent.port());
    QCOMPARE(next.generation(), 2);
    QVERIFY(next.process() != old.process());
    for (int i = 0; i < 3; ++i)
        QCOMPARE(next.ask("file file" + QByteArray::number(i)), inodes[std::size_t(i)]);
    QCOMPARE(next.ask("file file3"), "none");
}

void TestHandover::tableflip_TestUpgraderReady()
{
    AgentRun agent;
    QVERIFY(agent.start());
    Talk old(agent.port());
    QCOMPARE(old.ask("handover"), "None");
    QVERIFY(old.waitFor("handedOver").contains("state=Leaving"));
    QCOMPARE(old.ask("handover"), "AlreadyHandedOver");
    Talk next(agent.port());
    QCOMPARE(next.ask("parent"), "yes");
    QCOMPARE(next.ask("handover"), "ParentRunning");
    old.ask("quit");
    QVERIFY(old.waitForEnd());
    QTRY_COMPARE(next.ask("parent"), "no");
    QCOMPARE(next.ask("handover"), "None");
    QVERIFY(agent.waitForGeneration(3));
}

// Not before it has gone, then at once.
void TestHandover::tableflip_TestUpgraderWaitForParent()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"in/rendezvous"_s);
    AgentRun agent;
    QVERIFY(agent.start({u"--offer"_s, path}));
    Talk old(agent.port());
    old.ask("set stay");
    Handover next;
    QVERIFY(next.waitForParent(std::chrono::milliseconds(0)));
    QVERIFY(next.takeOverFrom(path));
    QVERIFY(next.hasParent());
    QVERIFY(!next.waitForParent(std::chrono::seconds(1)));
    QCOMPARE(next.lastError().code(), u"APP_RUNNING"_s);
    QVERIFY(next.ready());
    QVERIFY(old.waitFor("handedOver").startsWith("handedOver"));
    QSignalSpy gone(&next, &Handover::parentGone);
    old.ask("quit");
    QVERIFY(next.waitForParent(std::chrono::seconds(60)));
    QVERIFY(next.waitForParent(std::chrono::seconds(0)));
    QVERIFY(!next.hasParent());
    QTRY_COMPARE(gone.size(), 1);
}

void TestHandover::tableflip_TestHasParent()
{
    Handover handover;
    QVERIFY(!handover.hasParent());
    QVERIFY(handover.waitForParent(std::chrono::seconds(0)));
}

void TestHandover::tableflip_TestReadyWritesPIDFile()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"agent.pid"_s);
    const auto content = [&path] {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
    };
    AgentRun agent;
    QVERIFY(agent.start({u"--pid"_s, path}));
    Talk old(agent.port());
    QCOMPARE(content(), QByteArray::number(old.process()));
    QCOMPARE(old.ask("handover"), "None");
    QVERIFY(old.waitFor("handedOver").startsWith("handedOver"));
    QCOMPARE(content(), QByteArray::number(Talk(agent.port()).process()));
}

// Nowhere by default; and where it cannot be written the version before is told nothing.
void TestHandover::tableflip_TestWritePidFileWithoutPath()
{
    Handover handover;
    HandoverOptions options;
    QVERIFY(options.pidFile.isEmpty());
    options.pidFile = u"/nowhere/agent.pid"_s;
    handover.setOptions(options);
    QVERIFY(!handover.ready());
    QCOMPARE(handover.lastError().code(), u"IO"_s);
    QCOMPARE(handover.state(), Handover::State::Starting);
    handover.setOptions({});
    QVERIFY(handover.ready());
}

void TestHandover::tableflip_TestArgumentsArePassedCorrectly()
{
    AgentRun agent;
    QVERIFY(agent.start({u""_s, u""_s}));
    Talk old(agent.port());
    const QByteArray arguments = old.ask("arguments");
    QVERIFY(arguments.startsWith("||"));
    const QByteArray directory = old.ask("directory");
    QCOMPARE(old.ask("handover"), "None");
    QVERIFY(old.waitFor("handedOver").startsWith("handedOver"));
    QCOMPARE(Talk(agent.port()).ask("arguments"), arguments);
    QCOMPARE(Talk(agent.port()).ask("directory"), directory);
}

void TestHandover::tableflip_TestChildPassedFds()
{
    QTemporaryDir folder;
    AgentRun agent;
    QVERIFY(agent.start({u"unix:"_s + folder.filePath(u"s"_s), u"udp:[::1]:0"_s}));
    Talk old(agent.port());
    const QByteArray names = old.ask("files");
    QCOMPARE(names.split('|').size(), 3);
    QCOMPARE(old.ask("handover"), "None");
    QVERIFY(old.waitFor("handedOver").startsWith("handedOver"));
    // Port 0 is a new socket each time; what nobody asks for is closed.
    const QByteArray next = Talk(agent.port()).ask("files");
    QCOMPARE(next.split('|').size(), 3);
    QCOMPARE(next.split('|').value(0), names.split('|').value(0));
    QCOMPARE(next.split('|').value(2), names.split('|').value(2));
    QVERIFY(next.split('|').value(1) != names.split('|').value(1));
}

void TestHandover::programArgumentsAndEnvironmentCanBeChosen()
{
    QTemporaryDir folder;
    const QString copy = folder.filePath(u"version2"_s);
    QVERIFY(QFile::copy(QString::fromUtf8(FRESHEN_AGENT), copy));
    AgentRun agent;
    QVERIFY(agent.start());
    Talk old(agent.port());
    old.ask("set executable " + copy.toUtf8());
    old.ask("set arguments " + agent.tcp().toUtf8() + "|");
    old.ask("set env FRESHEN_TEST_VARIABLE=a=b");
    QCOMPARE(old.ask("handover"), "None");
    QVERIFY(old.waitFor("handedOver").startsWith("handedOver"));
    Talk next(agent.port());
    QCOMPARE(next.ask("variable"), "a=b");
    QCOMPARE(next.ask("arguments"), agent.tcp().toUtf8() + "|");
    QCOMPARE(QFileInfo(u"/proc/%1/exe"_s.arg(next.process())).symLinkTarget(), copy);
}

void TestHandover::mosn_TestInheritConfig()
{
    AgentRun agent;
    QVERIFY(agent.start());
    Talk old(agent.port());
    QCOMPARE(old.ask("inherited"), "none");
    const QByteArray large(300'000, 'c');
    QCOMPARE(old.ask("state " + large), "ok");
    QCOMPARE(old.ask("handover"), "None");
    QVERIFY(old.waitFor("handedOver").startsWith("handedOver"));
    QCOMPARE(Talk(agent.port()).ask("inherited"), "7 " + large);
}

// First a version that the old one starts, then one that somebody else starts; a client is
// answered all the time.
void TestHandover::mosn_TestTransfer()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"private/rendezvous"_s);
    AgentRun agent;
    const QStringList arguments = {u"--offer"_s, path, u"--take"_s, path};
    QVERIFY(agent.start(arguments));
    {
        Talk first(agent.port());
        QCOMPARE(first.ask("handover"), "None");
        QVERIFY(first.waitFor("handedOver").startsWith("handedOver"));
        QCOMPARE(Talk(agent.port()).generation(), 2);
    }
    Talk second(agent.port());
    QTRY_COMPARE(second.ask("parent"), "no");
    second.ask("state effective");
    QVERIFY(agent.start(arguments));
    QVERIFY(second.waitFor("handedOver").startsWith("handedOver"));
    Talk third(agent.port());
    QCOMPARE(third.generation(), 3);
    QCOMPARE(third.process(), agent.process().id());
    QCOMPARE(third.ask("inherited"), "7 effective");
    // The owner of the path is the newest one.
    QVERIFY(QFile::exists(path));
}

// Connections that live are served on while new ones go to the next version.
void TestHandover::mosn_TestGracefulShutdown()
{
    AgentRun agent;
    QVERIFY(agent.start());
    Talk old(agent.port());
    QCOMPARE(old.ask("handover"), "None");
    QVERIFY(old.waitFor("handedOver").startsWith("handedOver"));
    QCOMPARE(old.ask("reply 100000").size(), 100'000);
    QCOMPARE(old.generation(), 1);
    QCOMPARE(Talk(agent.port()).generation(), 2);
}

void TestHandover::mosn_TestInitUDSDir_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("file");
    qputenv("XDG_RUNTIME_DIR", "/run/user/7");
    const QString runtime = u"/run/user/7/freshen/"_s;
    QTest::newRow("empty") << QString() << runtime + u"tst_handover.handover"_s;
    QTest::newRow("name") << u"agent"_s << runtime + u"agent.handover"_s;
    QTest::newRow("normal") << u"/run/agent/socket"_s << u"/run/agent/socket"_s;
    QTest::newRow("extra separators") << u"/run//agent///socket/"_s << u"/run/agent/socket"_s;
    QTest::newRow("dots") << u"/run/x/../agent/./socket"_s << u"/run/agent/socket"_s;
    QTest::newRow("relative") << u"agent/socket"_s << QDir::currentPath() + u"/agent/socket"_s;
}

void TestHandover::mosn_TestInitUDSDir()
{
    QFETCH(QString, path);
    QFETCH(QString, file);
    QCOMPARE(Handover::rendezvousPath(path), file);
}

void TestHandover::datagramsAndLocalSockets()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"local"_s);
    QUdpSocket free;
    QVERIFY(free.bind(QHostAddress::LocalHost));
    const quint16 port = free.localPort();
    free.close();
    AgentRun agent;
    QVERIFY(agent.start({u"unix:"_s + path, u"udp:127.0.0.1:%1"_s.arg(port)}));
    const auto local = [&path] {
        QLocalSocket socket;
        socket.connectToServer(path);
        socket.write("who\n");
        while (!socket.canReadLine() && socket.waitForReadyRead(30'000)) {}
        return socket.readLine().trimmed().split(' ').value(1).toInt();
    };
    const auto datagram = [port] {
        QUdpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, port);
        socket.write("?");
        socket.waitForReadyRead(30'000);
        return socket.readAll().toInt();
    };
    QCOMPARE(local(), 1);
    QCOMPARE(datagram(), 1);
    Talk old(agent.port());
    QCOMPARE(old.ask("handover"), "None");
    QVERIFY(old.waitFor("handedOver").startsWith("handedOver"));
    QCOMPARE(datagram(), 2);
    QCOMPARE(local(), 2);
    old.ask("quit");
    QVERIFY(old.waitForEnd());
    QCOMPARE(local(), 2);
}

void TestHandover::strangersInOtherLanguages()
{
    AgentRun agent;
    QVERIFY(agent.start());
    Talk old(agent.port());
    old.ask("set arguments --stranger");
    QCOMPARE(old.ask("handover"), "None");
    QVERIFY(old.waitFor("handedOver").startsWith("handedOver"));
    QCOMPARE(Talk(agent.port()).ask("who"), "stranger");
}

void TestHandover::serviceManagerHearsOfTheNextVersion()
{
    auto manager = Platform::ReadyListener::create();
    VERIFY_RESULT(manager);
    Platform::StartRequest request;
    request.environment = Platform::currentEnvironment();
    request.environment.push_back(manager->environment().front());
    const auto said = [&manager] {
        Platform::waitForAny({manager->value()}, Platform::Clock::now() + std::chrono::seconds(60));
        char text[1000];
        const auto size = ::read(manager->value(), text, sizeof(text));
        return QByteArray(text, std::max<qsizetype>(size, 0));
    };
    AgentRun agent;
    QVERIFY(agent.start({}, request));
    Talk old(agent.port());
    QCOMPARE(said(), "READY=1\nMAINPID=" + QByteArray::number(old.process()));
    QCOMPARE(old.ask("handover"), "None");
    QVERIFY(old.waitFor("handedOver").startsWith("handedOver"));
    Talk next(agent.port());
    QCOMPARE(said(), "MAINPID=" + QByteArray::number(next.process()));
    // The next one knows the service manager, too.
    old.ask("quit");
    QTRY_COMPARE(next.ask("parent"), "no");
    QCOMPARE(next.ask("handover"), "None");
    QVERIFY(agent.waitForGeneration(3));
    QVERIFY(said().startsWith("MAINPID="));
}

void TestHandover::fiftyHandoversLeaveNothingOpen()
{
    QTemporaryDir folder;
    AgentRun agent;
    QVERIFY(agent.start({u"unix:"_s + folder.filePath(u"s"_s), u"udp:127.0.0.1:0"_s}));
    int second = 0;
    for (int generation = 1; generation <= 50; ++generation) {
        Talk old(agent.port());
        QCOMPARE(old.generation(), generation);
        QTRY_COMPARE(old.ask("parent"), "no");
        if (generation == 2)
            second = old.ask("descriptors").toInt();
        QCOMPARE(old.ask("handover"), "None");
        // Until then both accept.
        QVERIFY(old.waitFor("handedOver").startsWith("handedOver"));
    }
    Talk last(agent.port());
    QTRY_COMPARE(last.ask("parent"), "no");
    QTRY_COMPARE(last.ask("descriptors").toInt(), second);
}

QTEST_GUILESS_MAIN(TestHandover)
#include "tst_handover.moc"
