// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/connection.h>

#include "lib/handover/connection_p.h"
#include "lib/handover/connectionmoves.h"
#include "tests/support/resultcheck.h"

#include <QSignalSpy>
#include <QSslSocket>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Kind = HandoverMessage::Kind;

class TestConnection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void readsAndWrites();
    void closesWhenSent();
    void endOfTheOtherSide();
    void noSocket();
    void takesQtSockets();
    void refusedMoveGoesOn();
    void deadReceiverGoesOn();
    void movedWithWhatIsUnreadAndUnsent();
    void acc096_wrongMoves();

private:
    QByteArray clientReads(qsizetype size);

    std::unique_ptr<Connection> m_connection;
    int m_client = -1;
    std::unique_ptr<HandoverLink> m_old;
    std::unique_ptr<HandoverLink> m_next;
    std::unique_ptr<ConnectionMoves> m_moves;
};

// A connection with its client, and a line to a next version.
void TestConnection::init()
{
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
    m_connection = std::make_unique<Connection>(ends[0]);
    m_client = ends[1];
    auto channel = Platform::Channel::create();
    VERIFY_RESULT(channel);
    m_old = std::make_unique<HandoverLink>(std::move(channel->first), 2, nullptr);
    m_next = std::make_unique<HandoverLink>(Platform::Channel(std::move(channel->second)), 2,
                                            nullptr);
    m_moves = std::make_unique<ConnectionMoves>();
    m_moves->setLink(m_old.get());
    m_old->received = [this](const HandoverMessage &message, auto) {
        m_moves->answered(message.fields);
    };
    m_old->ended = [this] { m_moves->setLink(nullptr); };
}

void TestConnection::cleanup()
{
    m_connection.reset();
    ::close(m_client);
    m_moves.reset();
    m_old.reset();
    m_next.reset();
}

QByteArray TestConnection::clientReads(qsizetype size)
{
    QByteArray bytes;
    const bool isDone = QTest::qWaitFor(
        [&] {
            char block[65536];
            const auto count = ::recv(m_client, block, sizeof(block), 0);
            if (count > 0)
                bytes.append(block, count);
            return bytes.size() >= size;
        },
        30'000);
    return isDone ? bytes : QByteArray();
}

void TestConnection::readsAndWrites()
{
    QSignalSpy readable(m_connection.get(), &QIODevice::readyRead);
    QCOMPARE(::send(m_client, "one\ntw", 6, 0), 6);
    QTRY_COMPARE(readable.size(), 1);
    QVERIFY(m_connection->canReadLine());
    QCOMPARE(m_connection->readLine(), "one\n");
    QVERIFY(!m_connection->canReadLine());
    QCOMPARE(m_connection->bytesAvailable(), 2);
    // More than the system takes at once.
    const QByteArray large(5'000'000, 'x');
    QCOMPARE(m_connection->write(large), large.size());
    QVERIFY(m_connection->bytesToWrite() > 0);
    QCOMPARE(clientReads(large.size()), large);
    QTRY_COMPARE(m_connection->bytesToWrite(), 0);
}

void TestConnection::closesWhenSent()
{
    QSignalSpy over(m_connection.get(), &Connection::disconnected);
    const QByteArray large(1'000'000, 'x');
    m_connection->write(large);
    m_connection->closeWhenSent();
    QCOMPARE(over.size(), 0);
    QCOMPARE(clientReads(large.size()), large);
    QTRY_COMPARE(over.size(), 1);
    QVERIFY(!m_connection->isOpen());
    QCOMPARE(m_connection->write("late"), -1);
}

void TestConnection::endOfTheOtherSide()
{
    QSignalSpy finished(m_connection.get(), &QIODevice::readChannelFinished);
    QSignalSpy over(m_connection.get(), &Connection::disconnected);
    QCOMPARE(::send(m_client, "bye", 3, 0), 3);
    QCOMPARE(::shutdown(m_client, SHUT_WR), 0);
    QTRY_COMPARE(finished.size(), 1);
    QVERIFY(m_connection->isReadFinished());
    QCOMPARE(m_connection->readAll(), "bye");
    // It still listens.
    m_connection->write("answer");
    QCOMPARE(clientReads(6), "answer");
    QCOMPARE(over.size(), 0);
}

void TestConnection::noSocket()
{
    Connection file(::open("/dev/null", O_RDWR | O_CLOEXEC));
    QVERIFY(!file.isOpen());
    QVERIFY(!file.errorString().isEmpty());
    Connection none(-1);
    QVERIFY(!none.isOpen());
}

void TestConnection::takesQtSockets()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QTcpSocket client;
    client.connectToHost(QHostAddress::LocalHost, server.serverPort());
    QVERIFY(client.waitForConnected(30'000));
    QVERIFY(server.waitForNewConnection(30'000));
    QTcpSocket *const socket = server.nextPendingConnection();
    client.write("early");
    QTRY_COMPARE(socket->bytesAvailable(), 5);
    socket->write("unsent");
    QVERIFY(!Connection::take(socket)); // Qt keeps that
    QVERIFY(socket->waitForBytesWritten(30'000));
    const std::unique_ptr<Connection> taken(Connection::take(socket));
    QVERIFY(taken);
    QCOMPARE(socket->state(), QTcpSocket::UnconnectedState);
    QCOMPARE(taken->readAll(), "early");
    taken->write("!");
    QTRY_COMPARE(client.bytesAvailable(), 7);
    QSslSocket encrypted;
    QVERIFY(!Connection::take(&encrypted));
}

// As if nothing had happened: what was unsent is sent, what was unread can be read.
void TestConnection::refusedMoveGoesOn()
{
    QSignalSpy stayed(m_connection.get(), &Connection::stayed);
    m_next->received = [this](const HandoverMessage &message, auto) {
        m_next->send(Kind::Moved, {{u"id"_s, message.fields.value(u"id"_s)}, {u"ok"_s, false}});
    };
    QCOMPARE(::send(m_client, "request", 7, 0), 7);
    QTRY_COMPARE(m_connection->bytesAvailable(), 7);
    m_connection->write("reply");
    QVERIFY(m_moves->move(m_connection.get(), {}));
    QVERIFY(!m_moves->move(m_connection.get(), {})); // once at a time
    QCOMPARE(m_connection->write("meanwhile"), -1);
    QTRY_COMPARE(stayed.size(), 1);
    QCOMPARE(m_connection->readAll(), "request");
    m_connection->write(" more");
    QCOMPARE(clientReads(10), "reply more");
}

void TestConnection::deadReceiverGoesOn()
{
    QSignalSpy stayed(m_connection.get(), &Connection::stayed);
    m_connection->write("reply");
    QVERIFY(m_moves->move(m_connection.get(), {}));
    m_next.reset();
    QTRY_COMPARE(stayed.size(), 1);
    QCOMPARE(clientReads(5), "reply");
    QVERIFY(!m_moves->move(m_connection.get(), {}));
}

void TestConnection::movedWithWhatIsUnreadAndUnsent()
{
    QSignalSpy moved(m_connection.get(), &Connection::moved);
    std::unique_ptr<Connection> arrived;
    QByteArray note;
    m_next->received = [&](const HandoverMessage &message, HandoverLink::Descriptors descriptors) {
        auto result = arrivedConnection(message, std::move(descriptors));
        VERIFY_RESULT(result);
        arrived = std::move(result->connection);
        note = result->note;
        m_next->send(Kind::Moved, {{u"id"_s, message.fields.value(u"id"_s)}, {u"ok"_s, true}});
    };
    QCOMPARE(::send(m_client, "request", 7, 0), 7);
    QTRY_COMPARE(m_connection->bytesAvailable(), 7);
    QCOMPARE(m_connection->read(2), "re");
    QCOMPARE(m_connection->peek(3), "que");
    m_connection->ungetChar('E');
    const QByteArray reply(3'000'000, 'x');
    m_connection->write(reply);
    QVERIFY(m_moves->move(m_connection.get(), "note"));
    QTRY_COMPARE(moved.size(), 1);
    QCOMPARE(note, "note");
    QVERIFY(!m_connection->isOpen());
    QCOMPARE(m_connection->descriptor(), -1);
    ConnectionPrivate::of(arrived.get()).resume();
    QCOMPARE(arrived->readAll(), "Equest");
    QCOMPARE(clientReads(reply.size()), reply);
    arrived->write("!");
    QCOMPARE(clientReads(1), "!");
}

void TestConnection::acc096_wrongMoves()
{
    const HandoverMessage message{Kind::Move, 2, {{u"id"_s, 1}}};
    VERIFY_ERROR(arrivedConnection(message, {}), ErrorCode::PROTOCOL);
    VERIFY_ERROR(arrivedConnection({Kind::Move, 2, {}}, {}), ErrorCode::PROTOCOL);
    HandoverLink::Descriptors files;
    for (int i = 0; i < 2; ++i)
        files.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    VERIFY_ERROR(arrivedConnection(message, std::move(files)), ErrorCode::PROTOCOL);
}

QTEST_GUILESS_MAIN(TestConnection)
#include "tst_connection.moc"
