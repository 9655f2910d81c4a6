// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/networkmanager.h"

#include "tests/support/certificates.h"
#include "tests/support/fetched.h"
#include "tests/support/realserver.h"

#include <QNetworkProxy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

// A name of this computer that does not count as loopback, to which no proxy leads.
const QString here = u"0.0.0.0"_s;

// Refuses every login as the standard has it; tinyproxy answers 401 to a wrong one.
class RefusingProxy : public QTcpServer
{
public:
    RefusingProxy()
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [this, socket] { answer(socket); });
        });
    }

    QByteArrayList logins; // one for every request; empty without any

private:
    void answer(QTcpSocket *socket)
    {
        for (; socket->canReadLine(); m_head += socket->readLine()) {
            if (m_head.endsWith("\r\n\r\n"))
                m_head.clear();
        }
        if (!m_head.endsWith("\r\n\r\n"))
            return;
        const qsizetype place = m_head.indexOf("Proxy-Authorization: ");
        logins.append(place < 0 ? QByteArray() : m_head.mid(place + 21).split('\r').first());
        socket->write("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n"
                      "Proxy-Authenticate: Basic realm=\"proxy\"\r\n\r\nno");
    }

    QByteArray m_head;
};

} // namespace

// The real nginx behind the real tinyproxy.
class TestProxy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void acc051_login_data();
    void acc051_login();
    void acc051_noLogin_data();
    void acc051_noLogin();
    void acc051_wrongLoginThenRight_data();
    void acc051_wrongLoginThenRight();
    void acc051_refusedLoginIsNotRepeated_data();
    void acc051_refusedLoginIsNotRepeated();
    void acc051_deadProxy_data();
    void acc051_deadProxy();
    void proxyOfTheApplicationGoesFirst();
    void exceptionsGoDirectly();
    void loopbackGoesDirectly();
    void loginIsForProxiesOnly();
    void acc051_command();

private:
    void addProtocols();
    NginxServer *server(bool isTls) { return isTls ? m_tls.get() : m_plain.get(); }
    QUrl url(bool isTls) { return server(isTls)->url(u"feed.xml"_s, here); }
    Fetched get(NetworkManager *manager, bool isTls)
    {
        // Once: a failure that may pass is not tried again.
        return fetched(manager, url(isTls), {.policy = {.allowsHttp = true, .limits = m_once}});
    }
    void setProxy(const QByteArray &address)
    {
        qputenv("http_proxy", address);
        qputenv("https_proxy", address);
    }

    TransferLimits m_once{.patience = 0ms};
    Certificates m_certificates;
    std::unique_ptr<NginxServer> m_plain;
    std::unique_ptr<NginxServer> m_tls;
    std::unique_ptr<TinyproxyServer> m_proxy;
};

void TestProxy::initTestCase()
{
    if (!NginxServer::isAvailable() || !TinyproxyServer::isAvailable())
        QSKIP("nginx or tinyproxy is neither installed nor unpacked "
              "(platform/linux/setup.sh --tests)");
    if (!m_certificates.isAvailable())
        QSKIP("The openssl command is not installed.");
    QVERIFY(m_certificates.make({.name = u"here"_s, .subject = u"IP:"_s + here}));
    m_certificates.trust();
    for (const char *name : {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"})
        qunsetenv(name);
}

void TestProxy::init()
{
    m_plain = std::make_unique<NginxServer>();
    m_tls = std::make_unique<NginxServer>(
        NginxServer::Options{.certificate = m_certificates.certificate(u"here"_s),
                             .key = m_certificates.key(u"here"_s)});
    m_proxy = std::make_unique<TinyproxyServer>("somebody", "pass-word");
    QVERIFY(m_plain->start() && m_tls->start() && m_proxy->start());
    m_plain->serve(u"feed.xml"_s, "content");
    m_tls->serve(u"feed.xml"_s, "content");
    qunsetenv("no_proxy");
    setProxy(m_proxy->address());
}

void TestProxy::addProtocols()
{
    QTest::addColumn<bool>("isTls");
    QTest::newRow("http") << false;
    QTest::newRow("https") << true;
}

void TestProxy::acc051_login_data()
{
    QTest::addColumn<bool>("isTls");
    QTest::addColumn<QByteArray>("user"); // in the environment
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<bool>("isGiven"); // by whoever was asked
    for (const bool isTls : {false, true}) {
        const char *name = isTls ? "https" : "http";
        QTest::addRow("%s, system's", name)
            << isTls << QByteArray("somebody") << QByteArray("p%61ss-word") << false;
        QTest::addRow("%s, given", name) << isTls << QByteArray() << QByteArray() << true;
        QTest::addRow("%s, given instead of a wrong one", name)
            << isTls << QByteArray("somebody") << QByteArray("wrong") << true;
    }
}

void TestProxy::acc051_login()
{
    QFETCH(bool, isTls);
    QFETCH(QByteArray, user);
    QFETCH(QByteArray, password);
    QFETCH(bool, isGiven);
    setProxy(m_proxy->address(user, password));
    NetworkManager manager;
    if (isGiven)
        manager.setProxyLogin(u"somebody"_s, u"pass-word"_s);
    for (int i = 0; i < 2; ++i) {
        const Fetched answer = get(&manager, isTls);
        QCOMPARE(answer.message, QString());
        QCOMPARE(answer.content, "content");
    }
    QTRY_COMPARE(server(isTls)->requests().size(), 2);
    QVERIFY(m_proxy->requests() > 0);
}

void TestProxy::acc051_noLogin_data()
{
    addProtocols();
}

void TestProxy::acc051_noLogin()
{
    QFETCH(bool, isTls);
    NetworkManager manager;
    const Fetched answer = get(&manager, isTls);
    QCOMPARE(answer.code, "PROXY_AUTH");
    QCOMPARE(answer.content, QByteArray());
    QCOMPARE(m_proxy->requests(), 1);
    QVERIFY(server(isTls)->requests().isEmpty());
}

void TestProxy::acc051_wrongLoginThenRight_data()
{
    addProtocols();
}

void TestProxy::acc051_wrongLoginThenRight()
{
    QFETCH(bool, isTls);
    NetworkManager manager;
    manager.setProxyLogin(u"somebody"_s, u"wrong"_s);
    const Fetched refused = get(&manager, isTls);
    QVERIFY(!refused.code.isEmpty());
    QCOMPARE(refused.content, QByteArray());
    // Its 401 looks like the server's, so Qt may try once more.
    QVERIFY2(m_proxy->requests() <= 3, m_proxy->said().mid(900));
    manager.setProxyLogin(u"somebody"_s, u"pass-word"_s);
    const Fetched answer = get(&manager, isTls);
    QCOMPARE(answer.message, QString());
    QCOMPARE(answer.content, "content");
}

void TestProxy::acc051_refusedLoginIsNotRepeated_data()
{
    QTest::addColumn<bool>("isTls");
    QTest::addColumn<bool>("isGiven");
    for (const bool isTls : {false, true}) {
        QTest::addRow("%s, system's", isTls ? "https" : "http") << isTls << false;
        QTest::addRow("%s, given", isTls ? "https" : "http") << isTls << true;
    }
}

void TestProxy::acc051_refusedLoginIsNotRepeated()
{
    QFETCH(bool, isTls);
    QFETCH(bool, isGiven);
    RefusingProxy proxy;
    setProxy((isGiven ? "http://127.0.0.1:" : "http://somebody:secret@127.0.0.1:")
             + QByteArray::number(proxy.serverPort()));
    NetworkManager manager;
    if (isGiven)
        manager.setProxyLogin(u"somebody"_s, u"secret"_s);
    const Fetched answer = get(&manager, isTls);
    QCOMPARE(answer.code, "PROXY_AUTH");
    QCOMPARE(answer.content, QByteArray());
    const QByteArray login = "Basic " + QByteArray("somebody:secret").toBase64();
    QCOMPARE(proxy.logins, QByteArrayList({QByteArray(), login}));
    QCOMPARE(get(&manager, isTls).code, "PROXY_AUTH");
    QVERIFY(proxy.logins.count(login) <= 2);
}

void TestProxy::acc051_deadProxy_data()
{
    addProtocols();
}

void TestProxy::acc051_deadProxy()
{
    QFETCH(bool, isTls);
    const QByteArray address = m_proxy->address();
    m_proxy.reset();
    setProxy(address);
    NetworkManager manager;
    const Fetched answer = get(&manager, isTls);
    QCOMPARE(answer.code, "NETWORK");
    QVERIFY2(answer.message.contains(u"refused"), qPrintable(answer.message));
    QVERIFY(server(isTls)->requests().isEmpty());
}

void TestProxy::proxyOfTheApplicationGoesFirst()
{
    setProxy("http://127.0.0.1:1");
    const QNetworkProxy own(QNetworkProxy::HttpProxy, u"127.0.0.1"_s, m_proxy->port(),
                            u"somebody"_s, u"pass-word"_s);
    QNetworkProxy::setApplicationProxy(own);
    const auto system = qScopeGuard([] { QNetworkProxyFactory::setUseSystemConfiguration(true); });
    NetworkManager manager;
    const Fetched answer = get(&manager, false);
    QCOMPARE(answer.message, QString());
    QCOMPARE(answer.content, "content");
    QVERIFY(m_proxy->requests() > 0);
}

void TestProxy::exceptionsGoDirectly()
{
    qputenv("no_proxy", "example.org," + here.toLatin1());
    NetworkManager manager;
    QCOMPARE(get(&manager, false).content, "content");
    QCOMPARE(get(&manager, true).content, "content");
    QCOMPARE(m_proxy->requests(), 0);
}

void TestProxy::loopbackGoesDirectly()
{
    NetworkManager manager;
    QCOMPARE(fetched(&manager, m_plain->url(u"feed.xml"_s)).content, "content");
    QCOMPARE(m_proxy->requests(), 0);
}

void TestProxy::loginIsForProxiesOnly()
{
    NginxServer locked({.directives = "location / { add_header WWW-Authenticate 'Basic realm=x' "
                                      "always; if ($http_authorization) { return 200 'told'; } "
                                      "return 401; }"});
    QVERIFY(locked.start());
    NetworkManager manager;
    manager.setProxyLogin(u"somebody"_s, u"pass-word"_s);
    for (const QString &host : {u"127.0.0.1"_s, here}) {
        const Fetched answer = fetched(&manager, locked.url({}, host),
                                       {.policy = {.allowsHttp = true}});
        QCOMPARE(answer.code, "HTTP_STATUS");
        QVERIFY(answer.message.contains(u"401"));
    }
    QVERIFY(m_proxy->requests() > 0);
}

// With a login it gets to the server, whose authority it does not know.
void TestProxy::acc051_command()
{
    for (const auto &[password, code, status] :
         {std::tuple("", "PROXY_AUTH", 5), std::tuple("p%61ss-word", "TLS", 4)}) {
        setProxy(m_proxy->address(*password ? "somebody" : "", password));
        const Checked checked = checkedByCommand(url(true));
        QCOMPARE(checked.code, QString::fromLatin1(code));
        QCOMPARE(checked.status, status);
    }
    QVERIFY(m_proxy->requests() > 1);
}

QTEST_GUILESS_MAIN(TestProxy)
#include "tst_proxy.moc"
