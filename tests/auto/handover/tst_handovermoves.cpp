// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/handover/agentrun.h"

#include <QTest>

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Platform::Descriptor;

class TestHandoverMoves : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void thousandConnectionsInTheMiddleOfAReply();
};

namespace {

constexpr int connectionCount = 1000;
constexpr int replySize = 60'000;

// A client that reads slowly, so that most of the reply is still unsent.
struct Client {
    Descriptor socket;
    QByteArray received;
};

Client connectTo(quint16 port)
{
    Client client;
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, port);
    socket.waitForConnected(60'000);
    client.socket = Descriptor(::dup(int(socket.socketDescriptor())));
    const int small = 4096;
    ::setsockopt(client.socket.value(), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    socket.abort();
    return client;
}

bool say(const Client &client, const QByteArray &text)
{
    return ::send(client.socket.value(), text.constData(), std::size_t(text.size()), MSG_NOSIGNAL)
        == text.size();
}

// Reads until each has that many lines.
bool readLines(std::vector<Client> &clients, int lines)
{
    const auto deadline = Platform::Clock::now() + std::chrono::minutes(3);
    std::size_t done = 0;
    while (done < clients.size() && Platform::Clock::now() < deadline) {
        done = 0;
        for (Client &client : clients) {
            char block[16'384];
            ssize_t size = 0;
            while ((size = ::recv(client.socket.value(), block, sizeof(block), MSG_DONTWAIT)) > 0)
                client.received.append(block, size);
            if (size == 0)
                return false; // closed
            done += client.received.count('\n') >= lines ? 1 : 0;
        }
    }
    return done == clients.size();
}

} // namespace

void TestHandoverMoves::initTestCase()
{
    rlimit limit = {};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &limit), 0);
    QVERIFY(limit.rlim_cur > 2 * connectionCount);
}

// Every byte arrives once: the rest of the reply, and a request of which one half came before.
void TestHandoverMoves::thousandConnectionsInTheMiddleOfAReply()
{
    AgentRun agent;
    QVERIFY(agent.start());
    Talk old(agent.port());
    old.ask("set move");
    std::vector<Client> clients;
    for (int i = 0; i < connectionCount; ++i) {
        clients.push_back(connectTo(agent.port()));
        QVERIFY(say(clients.back(), "reply " + QByteArray::number(replySize + i) + "\nwh"));
    }
    const QByteArray watched = " watched=" + QByteArray::number(connectionCount + 1);
    QTRY_VERIFY_WITH_TIMEOUT(old.ask("last").contains(watched), 60'000);
    QCOMPARE(old.ask("handover"), "None");
    // It leaves once all are moved, none of them given up.
    QVERIFY(Platform::waitForAny({agent.process().handle().value()},
                                 Platform::Clock::now() + std::chrono::minutes(2)));
    QCOMPARE(agent.process().exitCode(), std::optional<int>(0));
    for (const Client &client : clients)
        QVERIFY(say(client, "o\n"));
    QVERIFY(readLines(clients, 2));
    for (int i = 0; i < connectionCount; ++i) {
        const QByteArray expected = QByteArray(replySize + i, 'x') + '\n';
        const QByteArray &received = clients[std::size_t(i)].received;
        QVERIFY2(received.startsWith(expected), qPrintable(u"connection %1"_s.arg(i)));
        const QByteArray who = received.mid(expected.size());
        QVERIFY2(who.endsWith(" 2\n") && who.count('\n') == 1, who.constData());
    }
    // The connection that drove it was moved as well.
    QCOMPARE(old.generation(), 2);
}

QTEST_GUILESS_MAIN(TestHandoverMoves)
#include "tst_handovermoves.moc"
