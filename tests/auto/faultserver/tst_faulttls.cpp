// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/waituntil.h"

#include <Freshen/FaultServer>

#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QProcess>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

QByteArray readAll(const QString &name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestFaultTls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void serves_data();
    void serves();
    void largeContent();
    void cut();
    void untrusted();
    void oldProtocol();
    void noCertificate_data();
    void noCertificate();

private:
    struct Identity {
        QByteArray certificate;
        QByteArray key;
    };
    Identity makeIdentity(const QStringList &kind) const;
    // Trusts the one certificate.
    std::unique_ptr<QNetworkReply> get(const QUrl &url, const Identity &identity);

    QTemporaryDir m_folder;
    Identity m_rsa;
    Identity m_ec;
    QNetworkAccessManager m_manager;
    QSsl::SslProtocol m_spoken = QSsl::UnknownProtocol;
};

void TestFaultTls::initTestCase()
{
    m_rsa = makeIdentity({u"rsa:2048"_s});
    m_ec = makeIdentity({u"ec"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:prime256v1"_s});
}

TestFaultTls::Identity TestFaultTls::makeIdentity(const QStringList &kind) const
{
    const QString certificate = m_folder.filePath(u"certificate.pem"_s);
    const QString key = m_folder.filePath(u"key.pem"_s);
    QProcess openssl;
    openssl.start(u"openssl"_s,
                  QStringList{u"req"_s, u"-x509"_s, u"-nodes"_s, u"-keyout"_s, key, u"-out"_s,
                              certificate, u"-subj"_s, u"/CN=test"_s, u"-addext"_s,
                              u"subjectAltName=IP:127.0.0.1"_s, u"-newkey"_s}
                      + kind);
    if (!openssl.waitForFinished() || openssl.exitCode() != 0)
        qFatal("%s", openssl.readAllStandardError().constData());
    return {readAll(certificate), readAll(key)};
}

std::unique_ptr<QNetworkReply> TestFaultTls::get(const QUrl &url, const Identity &identity)
{
    QNetworkRequest request(url);
    auto tls = QSslConfiguration::defaultConfiguration();
    tls.setCaCertificates(QSslCertificate::fromData(identity.certificate));
    request.setSslConfiguration(tls);
    std::unique_ptr<QNetworkReply> reply(m_manager.get(request));
    connect(reply.get(), &QNetworkReply::encrypted, this, [this, reply = reply.get()] {
        m_spoken = reply->sslConfiguration().sessionProtocol();
    });
    waitUntil([&] { return reply->isFinished(); });
    return reply;
}

void TestFaultTls::serves_data()
{
    QTest::addColumn<bool>("isEc");
    QTest::addColumn<QSsl::SslProtocol>("protocol");
    QTest::newRow("RSA, 1.2") << false << QSsl::TlsV1_2;
    QTest::newRow("RSA, 1.3") << false << QSsl::TlsV1_3;
    QTest::newRow("EC, 1.2") << true << QSsl::TlsV1_2;
    QTest::newRow("EC, whatever is safe") << true << QSsl::SecureProtocols;
}

void TestFaultTls::serves()
{
    QFETCH(bool, isEc);
    QFETCH(QSsl::SslProtocol, protocol);
    const Identity &identity = isEc ? m_ec : m_rsa;
    FaultServer server;
    QVERIFY(server.useTls(identity.certificate, identity.key, protocol));
    server.serve(u"/file"_s, "content");
    QCOMPARE(server.url(u"/file"_s).scheme(), u"https"_s);
    const auto reply = get(server.url(u"/file"_s), identity);
    QCOMPARE(reply->error(), QNetworkReply::NoError);
    QCOMPARE(reply->readAll(), "content");
    QCOMPARE(m_spoken, protocol == QSsl::SecureProtocols ? QSsl::TlsV1_3 : protocol);
    QVERIFY(waitUntil([&] { return server.connections() == 0; }));
    QCOMPARE(server.bytesSent(), 7);
}

void TestFaultTls::largeContent()
{
    FaultServer server;
    QVERIFY(server.useTls(m_ec.certificate, m_ec.key));
    constexpr qint64 size = 40 << 20;
    server.serve(u"/file"_s, FaultAnswer{.zeros = size});
    const auto reply = get(server.url(u"/file"_s), m_ec);
    QCOMPARE(reply->error(), QNetworkReply::NoError);
    QCOMPARE(reply->readAll(), QByteArray(size, '\0'));
    QCOMPARE(server.bytesSent(), size);
}

void TestFaultTls::cut()
{
    FaultServer server;
    QVERIFY(server.useTls(m_ec.certificate, m_ec.key));
    server.serve(u"/file"_s, FaultAnswer{.content = "0123456789", .cutAfter = 4});
    const auto reply = get(server.url(u"/file"_s), m_ec);
    QCOMPARE(reply->error(), QNetworkReply::RemoteHostClosedError);
    QCOMPARE(reply->readAll(), "0123");
}

void TestFaultTls::untrusted()
{
    FaultServer server;
    QVERIFY(server.useTls(m_ec.certificate, m_ec.key));
    server.serve(u"/file"_s, "content");
    const auto reply = get(server.url(u"/file"_s), m_rsa);
    QCOMPARE(reply->error(), QNetworkReply::SslHandshakeFailedError);
    QCOMPARE(server.requests().size(), 0);
    QVERIFY(waitUntil([&] { return server.connections() == 0; }));
}

void TestFaultTls::oldProtocol()
{
    FaultServer server;
    QT_WARNING_PUSH
    QT_WARNING_DISABLE_DEPRECATED
    const auto old = QSsl::TlsV1_1;
    QT_WARNING_POP
    QVERIFY(server.useTls(m_rsa.certificate, m_rsa.key, old));
    server.serve(u"/file"_s, "content");
    const auto refused = get(server.url(u"/file"_s), m_rsa);
    QCOMPARE(refused->error(), QNetworkReply::SslHandshakeFailedError);
    // It is not that nobody could.
    QSslSocket client;
    auto tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(old);
    tls.setCaCertificates(QSslCertificate::fromData(m_rsa.certificate));
    tls.setBackendConfigurationOption("CipherString", QByteArray("ALL:@SECLEVEL=0"));
    client.setSslConfiguration(tls);
    client.connectToHostEncrypted(u"127.0.0.1"_s, quint16(server.url(u"/"_s).port()));
    QVERIFY2(waitUntil([&] { return client.isEncrypted(); }), qPrintable(client.errorString()));
    QCOMPARE(client.sessionProtocol(), old);
}

void TestFaultTls::noCertificate_data()
{
    QTest::addColumn<QByteArray>("certificate");
    QTest::addColumn<QByteArray>("key");
    QTest::newRow("nothing") << QByteArray() << QByteArray();
    QTest::newRow("no certificate") << QByteArray("no") << m_rsa.key;
    QTest::newRow("no key") << m_rsa.certificate << QByteArray("no");
}

void TestFaultTls::noCertificate()
{
    QFETCH(QByteArray, certificate);
    QFETCH(QByteArray, key);
    FaultServer server;
    QVERIFY(!server.useTls(certificate, key));
    QCOMPARE(server.url(u"/"_s).scheme(), u"http"_s);
}

QTEST_GUILESS_MAIN(TestFaultTls)
#include "tst_faulttls.moc"
