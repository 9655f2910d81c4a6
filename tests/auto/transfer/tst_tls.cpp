// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/networkmanager.h"

#include "tests/support/certificates.h"
#include "tests/support/fetched.h"
#include "tests/support/realserver.h"

#include <QProcess>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(Freshen::Certificates::Wish)

// Servers that cannot show who they are, against the real thing.
class TestTls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void trustedServer();
    void acc042_refused_data();
    void acc042_refused();
    void acc042_unknownAuthority();
    void acc042_oldProtocol();
    void acc042_commandRefuses();

private:
    std::unique_ptr<NginxServer> serverWith(const QString &certificate,
                                            const QByteArray &directives = {});

    Certificates m_certificates;
};

void TestTls::initTestCase()
{
    if (!NginxServer::isAvailable())
        QSKIP("nginx is neither installed nor unpacked (platform/linux/setup.sh --tests)");
    if (!m_certificates.isAvailable())
        QSKIP("The openssl command is not installed.");
    QVERIFY(m_certificates.make({.name = u"good"_s}));
    m_certificates.trust();
}

std::unique_ptr<NginxServer> TestTls::serverWith(const QString &certificate,
                                                 const QByteArray &directives)
{
    auto server = std::make_unique<NginxServer>(
        NginxServer::Options{.certificate = m_certificates.certificate(certificate),
                             .key = m_certificates.key(certificate),
                             .directives = directives});
    if (!server->start())
        return nullptr;
    server->serve(u"feed.xml"_s, "content");
    return server;
}

void TestTls::trustedServer()
{
    const auto server = serverWith(u"good"_s);
    QVERIFY(server);
    NetworkManager manager;
    const Fetched answer = fetched(&manager, server->url(u"feed.xml"_s));
    QCOMPARE(answer.message, QString());
    QCOMPARE(answer.content, "content");
}

void TestTls::acc042_refused_data()
{
    QTest::addColumn<Certificates::Wish>("wish");
    QTest::addColumn<QString>("cause");
    QTest::newRow("expired") << Certificates::Wish{.name = u"expired"_s, .days = -1}
                             << u"expired"_s;
    QTest::newRow("another host") << Certificates::Wish{.name = u"other"_s,
                                                        .subject = u"DNS:example.org"_s}
                                  << u"host name"_s;
    QTest::newRow("self-signed") << Certificates::Wish{.name = u"own"_s, .isSelfSigned = true}
                                 << u"self-signed"_s;
}

void TestTls::acc042_refused()
{
    QFETCH(Certificates::Wish, wish);
    QFETCH(QString, cause);
    QVERIFY(m_certificates.make(wish));
    const auto server = serverWith(wish.name);
    QVERIFY(server);
    NetworkManager manager;
    const Fetched answer = fetched(&manager, server->url(u"feed.xml"_s));
    QCOMPARE(answer.code, "TLS");
    QCOMPARE(answer.content, QByteArray());
    QVERIFY2(answer.message.contains(cause), qPrintable(answer.message));
    // It never heard what was wanted.
    QVERIFY(server->requests().isEmpty());
}

void TestTls::acc042_unknownAuthority()
{
    Certificates strangers;
    QVERIFY(strangers.make({.name = u"good"_s}));
    NginxServer server(
        {.certificate = strangers.certificate(u"good"_s), .key = strangers.key(u"good"_s)});
    QVERIFY(server.start());
    NetworkManager manager;
    QCOMPARE(fetched(&manager, server.url(u"feed.xml"_s)).code, "TLS");
    QVERIFY(server.requests().isEmpty());
}

// With a good certificate: the version alone is at fault.
void TestTls::acc042_oldProtocol()
{
    const auto server = serverWith(u"good"_s,
                                   "ssl_protocols TLSv1.1; ssl_ciphers DEFAULT:@SECLEVEL=0;");
    QVERIFY(server);
    QProcess openssl;
    openssl.start(u"openssl"_s,
                  {u"s_client"_s, u"-tls1_1"_s, u"-cipher"_s, u"DEFAULT:@SECLEVEL=0"_s,
                   u"-connect"_s, u"127.0.0.1:%1"_s.arg(server->port())});
    openssl.closeWriteChannel();
    QVERIFY(openssl.waitForFinished());
    QVERIFY(openssl.readAllStandardOutput().contains("Protocol  : TLSv1.1"));
    NetworkManager manager;
    QCOMPARE(fetched(&manager, server->url(u"feed.xml"_s)).code, "TLS");
    QVERIFY(server->requests().isEmpty());
}

// Here nobody trusts the authority, which is the test's own.
void TestTls::acc042_commandRefuses()
{
    const auto server = serverWith(u"good"_s);
    QVERIFY(server);
    const Checked checked = checkedByCommand(server->url(u"feed.xml"_s));
    QCOMPARE(checked.code, u"TLS"_s);
    QCOMPARE(checked.status, 4);
    QVERIFY(server->requests().isEmpty());
}

QTEST_GUILESS_MAIN(TestTls)
#include "tst_tls.moc"
