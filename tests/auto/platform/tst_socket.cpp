// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/socket.h"

#include "tests/support/resultcheck.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Platform::addressOf;
using Platform::Descriptor;
using Platform::openListening;
using Platform::SocketAddress;

class TestSocket : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void addresses_data();
    void addresses();
    void wrongAddresses_data();
    void wrongAddresses();
    void opensAndTells_data();
    void opensAndTells();
    void everyAddressOfBothProtocols();
    void whatWaitsForNobody();
    void hookComesFirst();
    void staleFileIsReplaced();
    void otherFilesAreLeftAlone();
    void removesOnlyItsOwnFile();

private:
    SocketAddress inFolder(const char *kind, const char *name);
    QTemporaryDir m_directory;
};

SocketAddress TestSocket::inFolder(const char *kind, const char *name)
{
    const auto address = SocketAddress::parse(
        kind + m_directory.filePath(QString::fromUtf8(name)).toStdString());
    return address.value();
}

void TestSocket::addresses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("normalised");
    const auto row = [](const char *text, const char *normalised) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(normalised);
    };
    row("tcp:127.0.0.1:80", "tcp:127.0.0.1:80");
    row("tcp:localhost:80", "tcp:127.0.0.1:80");
    row("udp:[::1]:53", "udp:[::1]:53");
    row("udp:[0:0:0:0:0:0:0:1]:53", "udp:[::1]:53");
    row("tcp:[FE80::A]:1", "tcp:[fe80::a]:1");
    row("tcp:*:80", "tcp:*:80");
    row("tcp::80", "tcp:*:80");
    row("tcp:[::]:80", "tcp:[::]:80");
    row("tcp:0.0.0.0:0", "tcp:0.0.0.0:0");
    row("unix:/run/a b:c.sock", "unix:/run/a b:c.sock");
    row("unix:@hidden", "unix:@hidden");
    row("unixgram:relative", "unixgram:relative");
    row("unixpacket:/p", "unixpacket:/p");
}

void TestSocket::addresses()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, normalised);
    const auto address = SocketAddress::parse(text.toStdString());
    VERIFY_RESULT(address);
    QCOMPARE(QByteArray::fromStdString(address->toText()), normalised);
    QVERIFY(SocketAddress::parse(address->toText()).value() == *address);
}

void TestSocket::wrongAddresses_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"", "tcp", "tcp:", "tcp:80", "tcp:127.0.0.1:", "tcp:127.0.0.1:65536",
                             "tcp:127.0.0.1:-1", "tcp:127.0.0.1:8x", "tcp:::1:80", "tcp:[::1:80",
                             "tcp:example.org:80", "sctp:127.0.0.1:1", "unix:", "127.0.0.1:80"}) {
        QTest::newRow(text) << QByteArray(text);
    }
    QTest::newRow("too long") << "unix:" + QByteArray(108, 'x');
}

void TestSocket::wrongAddresses()
{
    QFETCH(QByteArray, text);
    VERIFY_ERROR(SocketAddress::parse(text.toStdString()), ErrorCode::CONFIG);
}

void TestSocket::opensAndTells_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray folder = m_directory.path().toUtf8();
    const QByteArray unique = "@freshen-test-" + QByteArray::number(::getpid());
    for (const QByteArray &text :
         {QByteArray("tcp:127.0.0.1:0"), QByteArray("tcp:[::1]:0"), QByteArray("udp:127.0.0.1:0"),
          QByteArray("udp:[::1]:0"), "unix:" + folder + "/s", "unixgram:" + folder + "/d",
          "unixpacket:" + folder + "/p", "unix:" + unique, "unixgram:" + unique,
          "unixpacket:" + unique}) {
        QTest::newRow(text) << text;
    }
}

void TestSocket::opensAndTells()
{
    QFETCH(QByteArray, text);
    auto wanted = SocketAddress::parse(text.toStdString());
    VERIFY_RESULT(wanted);
    const auto fd = openListening(*wanted);
    VERIFY_RESULT(fd);
    const auto real = addressOf(fd->value());
    QVERIFY(real.has_value());
    if (!wanted->isUnix())
        QVERIFY(real->port != 0);
    wanted->port = real->port;
    QCOMPARE(real->toText(), wanted->toText());
    QVERIFY(::fcntl(fd->value(), F_GETFD) & FD_CLOEXEC);
    QVERIFY(::fcntl(fd->value(), F_GETFL) & O_NONBLOCK);
    // Two cannot have the same one.
    QVERIFY(!openListening(*real));
}

void TestSocket::everyAddressOfBothProtocols()
{
    for (const char *text : {"tcp:*:0", "tcp:[::]:0", "tcp:0.0.0.0:0"}) {
        const auto wanted = SocketAddress::parse(text);
        VERIFY_RESULT(wanted);
        const auto fd = openListening(*wanted);
        VERIFY_RESULT(fd);
        QCOMPARE(addressOf(fd->value()).value().host, wanted->host);
    }
}

// Only what a socket is counts, never what it is called.
void TestSocket::whatWaitsForNobody()
{
    int pair[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    const Descriptor one(pair[0]);
    const Descriptor two(pair[1]);
    QVERIFY(!addressOf(one.value()));
    const Descriptor unbound(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    QVERIFY(!addressOf(unbound.value()));
    const Descriptor silent(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    QVERIFY(!addressOf(silent.value()));
    const Descriptor file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    QVERIFY(!addressOf(file.value()));
    QVERIFY(!addressOf(-1));
}

void TestSocket::hookComesFirst()
{
    const auto address = SocketAddress::parse("tcp:127.0.0.1:0").value();
    const auto fd = openListening(address, [](int socket) -> Result<void> {
        const int on = 1;
        if (addressOf(socket)
            || ::setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0)
            return failure(ErrorCode::IO, "too late");
        return {};
    });
    VERIFY_RESULT(fd);
    int on = 0;
    socklen_t size = sizeof(on);
    QCOMPARE(::getsockopt(fd->value(), SOL_SOCKET, SO_REUSEPORT, &on, &size), 0);
    QCOMPARE(on, 1);
    VERIFY_ERROR(openListening(address, [](int) { return failure(ErrorCode::CONFIG, "no"); }),
                 ErrorCode::CONFIG);
}

void TestSocket::staleFileIsReplaced()
{
    for (const char *kind : {"unix:", "unixgram:", "unixpacket:"}) {
        const auto address = inFolder(kind, "stale");
        {
            const auto crashed = openListening(address);
            VERIFY_RESULT(crashed);
        }
        QVERIFY(QFile::exists(m_directory.filePath(u"stale"_s)));
        const auto fd = openListening(address);
        VERIFY_RESULT(fd);
        VERIFY_ERROR(openListening(address), ErrorCode::IO);
    }
}

void TestSocket::otherFilesAreLeftAlone()
{
    QFile file(m_directory.filePath(u"notes.txt"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("mine");
    file.close();
    VERIFY_ERROR(openListening(inFolder("unix:", "notes.txt")), ErrorCode::IO);
    QCOMPARE(file.size(), 4);
    QVERIFY(!Platform::socketFileOf(inFolder("unix:", "notes.txt")));
}

void TestSocket::removesOnlyItsOwnFile()
{
    const auto address = inFolder("unix:", "mine");
    const QString path = m_directory.filePath(u"mine"_s);
    const auto fd = openListening(address);
    VERIFY_RESULT(fd);
    const auto file = Platform::socketFileOf(address);
    QVERIFY(file.has_value());
    // Somebody else has taken the path meanwhile.
    QVERIFY(QFile::rename(path, path + u".aside"_s));
    const auto other = openListening(address);
    VERIFY_RESULT(other);
    Platform::removeSocketFile(*file);
    QVERIFY(QFile::exists(path));
    Platform::removeSocketFile(Platform::socketFileOf(address).value());
    QVERIFY(!QFile::exists(path));
    const SocketAddress hidden = SocketAddress::parse("unix:@hidden").value();
    QVERIFY(!Platform::socketFileOf(hidden));
}

QTEST_GUILESS_MAIN(TestSocket)
#include "tst_socket.moc"
