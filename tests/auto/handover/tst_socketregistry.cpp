// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The registry in two lives in one process: what the first has open, the second inherits.

#include <Freshen/handover.h>

#include "lib/handover/socketregistry.h"
#include "tests/support/resultcheck.h"

#include <QFile>
#include <QLocalServer>
#include <QLocalSocket>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QUdpSocket>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Platform::Descriptor;
using Platform::SocketAddress;

class TestSocketRegistry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tableflip_TestFdsAddListener();
    void tableflip_TestFdsAddPacketConn();
    void tableflip_TestFdsListen_data();
    void tableflip_TestFdsListen();
    void tableflip_TestFdsListenWithCallback();
    void tableflip_TestFdsListenDynamicPort();
    void tableflip_TestFdsListenPacketDynamicPort();
    void tableflip_TestUpgraderListenConfig();
    void tableflip_TestFdsRemoveUnix();
    void tableflip_TestFdsConn();
    void tableflip_TestFdsFile();
    void tableflip_TestFdsFiles();
    void mosn_TestParseListenerConfig_data();
    void mosn_TestParseListenerConfig();
    void mosn_TestServiceInherit();
    void mosn_TestListenerTCPStart();
    void mosn_TestListenerUDPStart();
    void mosn_TestListenerUDSStart();
    void mosn_TestUDSToFileListener();
    void acc096_wrongKindOfSocket();
    void localServerNeverRemovesTheFile();
    void localServerLivesOnWhenAnotherWasFaster();

private:
    static SocketAddress address(const QString &text);
    QString inFolder(const char *name) { return m_folder.filePath(QString::fromUtf8(name)); }
    QTemporaryDir m_folder;
};

namespace {

SocketRegistry::Opener opener(const SocketAddress &address)
{
    return [address] { return Platform::openListening(address); };
}

SocketRegistry::Opener never()
{
    return []() -> Result<Descriptor> { return failure(ErrorCode::IO, "opened anew"); };
}

// What the next version gets: the same files under the same names, in the same order.
std::vector<Platform::NamedDescriptor> passedOn(SocketRegistry &registry)
{
    std::vector<Platform::NamedDescriptor> passed;
    for (const auto &[name, fd] : registry.entries())
        passed.push_back({name, Descriptor(::fcntl(fd, F_DUPFD_CLOEXEC, 0))});
    return passed;
}

void succeed(SocketRegistry &next, SocketRegistry &old)
{
    next.setInheritedFiles(old.ownedFiles());
    next.addInherited(passedOn(old));
}

} // namespace

SocketAddress TestSocketRegistry::address(const QString &text)
{
    return SocketAddress::parse(text.toStdString()).value();
}

// Also tableflip #74: what is closed is no part of the registry any more.
void TestSocketRegistry::tableflip_TestFdsAddListener()
{
    SocketRegistry registry;
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const quint16 port = server.serverPort();
    registry.add(&server);
    QCOMPARE(registry.entries().size(), 1u);
    QCOMPARE(registry.entries()[0].name, "tcp:127.0.0.1:" + std::to_string(port));
    server.close();
    QVERIFY(registry.entries().empty());
    QTcpSocket client;
    client.connectToHost(QHostAddress::LocalHost, port);
    QVERIFY(!client.waitForConnected(30'000));
    {
        QTcpServer gone;
        QVERIFY(gone.listen(QHostAddress::LocalHost));
        registry.add(&gone);
    }
    QVERIFY(registry.entries().empty());
}

void TestSocketRegistry::tableflip_TestFdsAddPacketConn()
{
    SocketRegistry registry;
    QUdpSocket socket;
    QVERIFY(socket.bind(QHostAddress::LocalHost));
    registry.add(&socket);
    QCOMPARE(registry.entries().at(0).name, "udp:127.0.0.1:" + std::to_string(socket.localPort()));
    socket.close();
    QVERIFY(registry.entries().empty());
}

void TestSocketRegistry::tableflip_TestFdsListen_data()
{
    QTest::addColumn<QString>("text");
    const QString hidden = u"@freshen-registry-%1"_s.arg(::getpid());
    for (const QString &text :
         {u"tcp:127.0.0.1:0"_s, u"tcp:[::1]:0"_s, u"tcp:*:0"_s, u"udp:127.0.0.1:0"_s,
          u"unix:"_s + inFolder("s"), u"unixgram:"_s + inFolder("d"),
          u"unixpacket:"_s + inFolder("p"), u"unix:"_s + hidden, u"unixgram:"_s + hidden}) {
        QTest::newRow(qPrintable(text)) << text;
    }
}

// Opened once, found again by its real address, by the same kind alone.
void TestSocketRegistry::tableflip_TestFdsListen()
{
    QFETCH(QString, text);
    SocketRegistry old;
    const auto opened = old.open(address(text), opener(address(text)));
    VERIFY_RESULT(opened);
    const SocketAddress real = Platform::addressOf(opened->value()).value();
    SocketRegistry next;
    succeed(next, old);
    SocketAddress other = real;
    other.kind = real.isUnix() ? SocketAddress::Kind::UnixSeqpacket : SocketAddress::Kind::Tcp;
    if (other != real)
        VERIFY_ERROR(next.open(other, never()), ErrorCode::IO);
    const auto inherited = next.open(real, never());
    VERIFY_RESULT(inherited);
    QVERIFY(Platform::addressOf(inherited->value()) == real);
    VERIFY_ERROR(next.open(real, never()), ErrorCode::IO); // taken
    old.removeFiles();
}

void TestSocketRegistry::tableflip_TestFdsListenWithCallback()
{
    Handover handover;
    QTcpServer server;
    int calls = 0;
    const auto open = [&calls]() -> qintptr {
        ++calls;
        return Platform::openListening(address(u"tcp:127.0.0.1:0"_s))->release();
    };
    QVERIFY(handover.listenWith(&server, u"tcp:127.0.0.1:0"_s, open));
    QVERIFY(server.isListening());
    QCOMPARE(calls, 1);
    SocketRegistry old;
    old.add(&server);
    SocketRegistry next;
    succeed(next, old);
    QTcpServer inherited;
    const auto real = address(u"tcp:127.0.0.1:%1"_s.arg(server.serverPort()));
    VERIFY_RESULT(next.open(&inherited, real, never()));
    QTcpServer failing;
    QVERIFY(!handover.listenWith(&failing, u"tcp:127.0.0.1:0"_s, [] { return qintptr(-1); }));
    QCOMPARE(handover.lastError().code(), u"IO"_s);
}

void TestSocketRegistry::tableflip_TestFdsListenDynamicPort()
{
    SocketRegistry old;
    QTcpServer one;
    QTcpServer two;
    const auto any = address(u"tcp:127.0.0.1:0"_s);
    VERIFY_RESULT(old.open(&one, any, opener(any)));
    VERIFY_RESULT(old.open(&two, any, opener(any)));
    QVERIFY(one.serverPort() != two.serverPort());
    SocketRegistry next;
    succeed(next, old);
    QTcpServer fresh;
    VERIFY_RESULT(next.open(&fresh, any, opener(any)));
    for (const QTcpServer *server : {&one, &two}) {
        QTcpServer inherited;
        const auto real = address(u"tcp:127.0.0.1:%1"_s.arg(server->serverPort()));
        VERIFY_RESULT(next.open(&inherited, real, never()));
        QCOMPARE(inherited.serverPort(), server->serverPort());
        QVERIFY(fresh.serverPort() != server->serverPort());
    }
}

void TestSocketRegistry::tableflip_TestFdsListenPacketDynamicPort()
{
    SocketRegistry old;
    QUdpSocket one;
    QUdpSocket two;
    const auto any = address(u"udp:127.0.0.1:0"_s);
    VERIFY_RESULT(old.open(&one, any, opener(any)));
    VERIFY_RESULT(old.open(&two, any, opener(any)));
    SocketRegistry next;
    succeed(next, old);
    for (const QUdpSocket *socket : {&one, &two}) {
        QUdpSocket inherited;
        const auto real = address(u"udp:127.0.0.1:%1"_s.arg(socket->localPort()));
        VERIFY_RESULT(next.open(&inherited, real, never()));
        QCOMPARE(inherited.localPort(), socket->localPort());
    }
}

void TestSocketRegistry::tableflip_TestUpgraderListenConfig()
{
    Handover handover;
    int calls = 0;
    handover.setSocketHook([&calls](qintptr fd) {
        const int on = 1;
        ++calls;
        return ::setsockopt(int(fd), SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) == 0;
    });
    QTcpServer server;
    QVERIFY(handover.listen(&server, QHostAddress::LocalHost, 0));
    int on = 0;
    socklen_t size = sizeof(on);
    ::getsockopt(int(server.socketDescriptor()), SOL_SOCKET, SO_REUSEPORT, &on, &size);
    QCOMPARE(on, 1);
    QCOMPARE(calls, 1);
    handover.setSocketHook([](qintptr) { return false; });
    QUdpSocket socket;
    QVERIFY(!handover.bind(&socket, QHostAddress::LocalHost, 0));
    QCOMPARE(handover.lastError().code(), u"CONFIG"_s);
}

void TestSocketRegistry::tableflip_TestFdsRemoveUnix()
{
    const QString claimed = inFolder("claimed");
    const QString unclaimed = inFolder("unclaimed");
    SocketRegistry old;
    for (const QString &path : {claimed, unclaimed})
        VERIFY_RESULT(old.open(address(u"unix:"_s + path), opener(address(u"unix:"_s + path))));
    SocketRegistry next;
    succeed(next, old);
    VERIFY_RESULT(next.open(address(u"unix:"_s + claimed), never()));
    // After the handover they stay; what nobody took is removed; stopping removes the rest.
    old.closeAll();
    QVERIFY(QFile::exists(claimed) && QFile::exists(unclaimed));
    next.closeInherited();
    QVERIFY(QFile::exists(claimed) && !QFile::exists(unclaimed));
    next.removeFiles();
    QVERIFY(!QFile::exists(claimed));
    // Those of a service manager are not ours.
    const auto foreign = Platform::openListening(address(u"unix:"_s + claimed));
    VERIFY_RESULT(foreign);
    SocketRegistry activated;
    std::vector<Platform::NamedDescriptor> given;
    given.push_back({"http", Descriptor(::dup(foreign->value()))});
    activated.addInherited(std::move(given));
    activated.closeInherited();
    activated.removeFiles();
    QVERIFY(QFile::exists(claimed));
}

// A connection is a plain descriptor: never taken for a server.
void TestSocketRegistry::tableflip_TestFdsConn()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QTcpSocket client;
    client.connectToHost(QHostAddress::LocalHost, server.serverPort());
    QVERIFY(client.waitForConnected(30'000));
    SocketRegistry old;
    old.add("conn", Descriptor(::dup(int(client.socketDescriptor()))));
    SocketRegistry next;
    succeed(next, old);
    const auto local = u"tcp:127.0.0.1:%1"_s.arg(client.localPort());
    VERIFY_ERROR(next.open(address(local), never()), ErrorCode::IO);
    QTcpSocket taken;
    QVERIFY(taken.setSocketDescriptor(next.takeInherited("conn").release()));
    QCOMPARE(taken.peerPort(), server.serverPort());
}

void TestSocketRegistry::tableflip_TestFdsFile()
{
    SocketRegistry old;
    old.add("file", Descriptor(::open("/dev/zero", O_RDONLY | O_CLOEXEC)));
    old.add("file", Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC))); // replaces
    QCOMPARE(old.entries().size(), 1u);
    SocketRegistry next;
    succeed(next, old);
    const Descriptor taken = next.takeInherited("file");
    struct stat wanted = {};
    struct stat status = {};
    QCOMPARE(::stat("/dev/null", &wanted), 0);
    QCOMPARE(::fstat(taken.value(), &status), 0);
    QCOMPARE(status.st_rdev, wanted.st_rdev);
    QVERIFY(!next.takeInherited("file").isOpen());
}

void TestSocketRegistry::tableflip_TestFdsFiles()
{
    SocketRegistry old;
    for (const char *name : {"c", "a", "b"})
        old.add(name, Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)));
    SocketRegistry next;
    succeed(next, old);
    QCOMPARE(next.inheritedNames(), QStringList({u"c"_s, u"a"_s, u"b"_s}));
}

void TestSocketRegistry::mosn_TestParseListenerConfig_data()
{
    QTest::addColumn<QString>("opened");
    QTest::addColumn<QString>("asked");
    QTest::addColumn<bool>("matches");
    QTest::newRow("tcp") << u"tcp:127.0.0.1:%1"_s << u"tcp:localhost:%1"_s << true;
    QTest::newRow("all") << u"tcp:*:%1"_s << u"tcp::%1"_s << true;
    QTest::newRow("all of IPv4 is not all") << u"tcp:0.0.0.0:%1"_s << u"tcp:*:%1"_s << false;
    QTest::newRow("other address") << u"tcp:127.0.0.2:%1"_s << u"tcp:127.0.0.1:%1"_s << false;
    QTest::newRow("TestParseListenerUDP") << u"udp:127.0.0.1:%1"_s << u"udp:127.0.0.1:%1"_s << true;
    QTest::newRow("udp is not tcp") << u"udp:127.0.0.1:%1"_s << u"tcp:127.0.0.1:%1"_s << false;
}

void TestSocketRegistry::mosn_TestParseListenerConfig()
{
    QFETCH(QString, opened);
    QFETCH(QString, asked);
    QFETCH(bool, matches);
    SocketRegistry old;
    const auto wanted = address(opened.arg(0));
    const auto fd = old.open(wanted, opener(wanted));
    VERIFY_RESULT(fd);
    SocketRegistry next;
    succeed(next, old);
    const int port = Platform::addressOf(fd->value())->port;
    QCOMPARE(next.open(address(asked.arg(port)), never()).has_value(), matches);
}

// Both serve the same socket; when the old one stops, the next one answers alone.
void TestSocketRegistry::mosn_TestServiceInherit()
{
    const auto any = address(u"tcp:127.0.0.1:0"_s);
    SocketRegistry old;
    QTcpServer oldServer;
    VERIFY_RESULT(old.open(&oldServer, any, opener(any)));
    const quint16 port = oldServer.serverPort();
    SocketRegistry next;
    succeed(next, old);
    QTcpServer nextServer;
    VERIFY_RESULT(next.open(&nextServer, address(u"tcp:127.0.0.1:%1"_s.arg(port)), never()));
    QVERIFY(old.stopAccepting());
    QTcpSocket client;
    client.connectToHost(QHostAddress::LocalHost, port);
    QVERIFY(client.waitForConnected(30'000));
    QTRY_VERIFY(nextServer.hasPendingConnections());
    QVERIFY(!oldServer.isListening());
    next.closeAll();
    QTcpSocket late;
    late.connectToHost(QHostAddress::LocalHost, port);
    QVERIFY(!late.waitForConnected(30'000));
}

// Start, a second start refused, close, start again.
void TestSocketRegistry::mosn_TestListenerTCPStart()
{
    Handover handover;
    QTcpServer server;
    QVERIFY(handover.listen(&server, QHostAddress::LocalHost, 0));
    const quint16 port = server.serverPort();
    QTcpServer second;
    QVERIFY(!handover.listen(&second, QHostAddress::LocalHost, port));
    QVERIFY(!handover.listen(&server, QHostAddress::LocalHost, 0));
    QVERIFY(server.isListening());
    server.close();
    QVERIFY(handover.registeredNames().isEmpty());
    QVERIFY(handover.listen(&server, QHostAddress::LocalHost, port));
    QCOMPARE(handover.registeredNames(), QStringList(u"tcp:127.0.0.1:%1"_s.arg(port)));
}

void TestSocketRegistry::mosn_TestListenerUDPStart()
{
    Handover handover;
    QUdpSocket socket;
    QVERIFY(handover.bind(&socket, QHostAddress::LocalHost, 0));
    const quint16 port = socket.localPort();
    QUdpSocket second;
    QVERIFY(!handover.bind(&second, QHostAddress::LocalHost, port));
    socket.close();
    QVERIFY(handover.bind(&socket, QHostAddress::LocalHost, port));
}

void TestSocketRegistry::mosn_TestListenerUDSStart()
{
    Handover handover;
    const QString path = inFolder("uds");
    QLocalServer server;
    QVERIFY(handover.listen(&server, path));
    QLocalServer second;
    QVERIFY(!handover.listen(&second, path));
    QVERIFY(!handover.listen(&server, inFolder("other")));
    server.close();
    QTRY_VERIFY(handover.registeredNames().isEmpty());
    QVERIFY(handover.listen(&server, path));
    QLocalSocket client;
    client.connectToServer(path);
    QVERIFY(client.waitForConnected(30'000));
    QTRY_VERIFY(server.hasPendingConnections());
    handover.stop();
    QVERIFY(!QFile::exists(path));
}

// What is handed on for a local server is its listening socket, and becomes one again.
void TestSocketRegistry::mosn_TestUDSToFileListener()
{
    const auto path = address(u"unix:"_s + inFolder("tofile"));
    SocketRegistry old;
    QLocalServer server;
    VERIFY_RESULT(old.open(&server, path, opener(path)));
    SocketRegistry next;
    succeed(next, old);
    server.close();
    QLocalServer again;
    VERIFY_RESULT(next.open(&again, path, never()));
    QVERIFY(Platform::addressOf(next.entries().at(0).descriptor) == path);
    QLocalSocket client;
    client.connectToServer(inFolder("tofile"));
    QVERIFY(client.waitForConnected(30'000));
    QTRY_VERIFY(again.hasPendingConnections());
    next.removeFiles();
}

void TestSocketRegistry::acc096_wrongKindOfSocket()
{
    Handover handover;
    QTcpServer server;
    QVERIFY(!handover.listenWith(&server, u"tcp:127.0.0.1:0"_s, [] {
        return qintptr(Platform::openListening(address(u"udp:127.0.0.1:0"_s))->release());
    }));
    QCOMPARE(handover.lastError().code(), u"CONFIG"_s);
    QVERIFY(!handover.listenWith(&server, u"tcp:127.0.0.1:0"_s, [] {
        return qintptr(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    }));
    QVERIFY(!handover.addDescriptor(u"closed"_s, 4000));
    QVERIFY(handover.registeredNames().isEmpty());
}

void TestSocketRegistry::localServerNeverRemovesTheFile()
{
    const QString path = inFolder("kept");
    Handover handover;
    {
        QLocalServer server;
        QVERIFY(handover.listen(&server, path));
        QVERIFY(server.isListening());
        QVERIFY(!QFile::exists(server.fullServerName()));
        server.close();
        QVERIFY(!server.isListening());
        QVERIFY(QFile::exists(path));
        QVERIFY(handover.listen(&server, path));
    }
    QVERIFY(QFile::exists(path));
}

// Both are told of each connection, and one of them finds nothing.
void TestSocketRegistry::localServerLivesOnWhenAnotherWasFaster()
{
    const QString path = inFolder("shared");
    const auto where = address(u"unix:"_s + path);
    SocketRegistry old;
    QLocalServer oldServer;
    VERIFY_RESULT(old.open(&oldServer, where, opener(where)));
    SocketRegistry next;
    succeed(next, old);
    QLocalServer nextServer;
    VERIFY_RESULT(next.open(&nextServer, where, never()));
    int accepted = 0;
    for (QLocalServer *server : {&oldServer, &nextServer}) {
        connect(server, &QLocalServer::newConnection, this, [server, &accepted] {
            ++accepted;
            server->nextPendingConnection()->deleteLater();
        });
    }
    for (int i = 1; i <= 20; ++i) {
        QLocalSocket client;
        client.connectToServer(path);
        QVERIFY(client.waitForConnected(30'000));
        QTRY_COMPARE(accepted, i);
        QVERIFY(oldServer.isListening() && nextServer.isListening());
    }
}

QTEST_GUILESS_MAIN(TestSocketRegistry)
#include "tst_socketregistry.moc"
