// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Large files from the real nginx, and through the real tinyproxy.

#include "lib/transfer/download.h"
#include "lib/transfer/networkmanager.h"

#include "tests/support/realserver.h"
#include "tests/support/samplebytes.h"
#include "tests/support/waituntil.h"

#include <QDateTime>
#include <QTest>

#include <algorithm>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype size = 20'000'000; // three pieces
const QString name = u"package.tar"_s;

QByteArray slowly(const char *rate)
{
    return QByteArray("limit_rate ") + rate + ";";
}

} // namespace

class TestRealDownload : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void downloads_data();
    void downloads();
    void acc048_resumes_data();
    void acc048_resumes();
    void acc048_changedMeanwhile();
    void acc048_serverStartsAgain();
    void acc051_throughAProxyWithLogin();

private:
    void start(const QByteArray &directives);
    void begin(const QByteArray &content, const QUrl &url = {});
    bool hasEnded() const { return m_finished + m_failed > 0; }
    QByteArray code() const { return m_failed ? errorCodeName(m_error.code).data() : ""; }
    QString file() const { return m_folder->filePath(u"package"_s); }

    NetworkManager m_manager;
    QByteArray m_content;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<NginxServer> m_server;
    std::unique_ptr<Download> m_download;
    int m_finished = 0;
    int m_failed = 0;
    Error m_error;
};

void TestRealDownload::initTestCase()
{
    if (!NginxServer::isAvailable())
        QSKIP("nginx is neither installed nor unpacked (platform/linux/setup.sh --tests)");
    m_content = randomBytes(size);
}

void TestRealDownload::init()
{
    m_download.reset();
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestRealDownload::start(const QByteArray &directives)
{
    m_server = std::make_unique<NginxServer>(NginxServer::Options{.directives = directives});
    QVERIFY(m_server->start());
    // Old enough for its date to count.
    m_server->serve(name, m_content, QDateTime::currentDateTime().addDays(-1));
}

void TestRealDownload::begin(const QByteArray &content, const QUrl &url)
{
    m_finished = m_failed = 0;
    UrlPolicy policy;
    policy.allowsHttp = true;
    policy.limits.patience = 30s;
    const QUrl from = url.isEmpty() ? m_server->url(name) : url;
    m_download = std::make_unique<Download>(
        &m_manager, policy,
        DownloadRequest{{from}, file(), content.size(), sha256(content)});
    connect(m_download.get(), &Download::finished, this, [this] { ++m_finished; });
    connect(m_download.get(), &Download::failed, this, [this](const Error &error) {
        ++m_failed;
        m_error = error;
        qInfo("%s", error.message.c_str());
    });
    m_download->start();
}

void TestRealDownload::downloads_data()
{
    QTest::addColumn<QByteArray>("directives");
    QTest::addColumn<bool>("inParts");
    QTest::newRow("plain") << QByteArray() << true;
    QTest::newRow("without ranges") << QByteArray("max_ranges 0;") << false;
    QTest::newRow("without tags") << QByteArray("etag off;") << true;
    QTest::newRow("compressing") << QByteArray("gzip on; gzip_types *; gzip_min_length 1;") << true;
}

void TestRealDownload::downloads()
{
    QFETCH(QByteArray, directives);
    QFETCH(bool, inParts);
    start(directives);
    begin(m_content);
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    QCOMPARE(code(), "");
    QVERIFY(contentOf(file()) == m_content);
    QCOMPARE(m_download->bytesReceived(), size);
    QTRY_COMPARE(m_server->requests().size(), inParts ? 3 : 1);
    for (const ServedRequest &request : m_server->requests()) {
        QCOMPARE(request.status, inParts ? 206 : 200);
        QVERIFY(request.encoding.isEmpty() || request.encoding == "-");
    }
}

void TestRealDownload::acc048_resumes_data()
{
    QTest::addColumn<QByteArray>("directives");
    QTest::newRow("by tag") << QByteArray();
    QTest::newRow("by date") << QByteArray("etag off;");
}

void TestRealDownload::acc048_resumes()
{
    QFETCH(QByteArray, directives);
    start(slowly("4m") + directives);
    for (const qint64 part : {3'000'000, 4'000'000}) {
        begin(m_content);
        QVERIFY(waitUntil([&] { return m_download->bytesReceived() >= part; }));
        m_download.reset();
    }
    begin(m_content);
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    QCOMPARE(code(), "");
    QVERIFY(contentOf(file()) == m_content);
    QVERIFY(m_download->bytesReceived() <= size - 7'000'000);
}

// If-Range is what tells it.
void TestRealDownload::acc048_changedMeanwhile()
{
    start(slowly("4m"));
    m_server->serve(name, randomBytes(size), QDateTime::currentDateTime().addDays(-2));
    begin(m_content);
    QVERIFY(waitUntil([&] { return m_download->bytesReceived() >= 3'000'000; }));
    m_download.reset();
    m_server->serve(name, m_content, QDateTime::currentDateTime().addDays(-1));
    begin(m_content);
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    QCOMPARE(code(), "");
    QVERIFY(contentOf(file()) == m_content);
    QCOMPARE(m_download->bytesReceived(), size);
}

void TestRealDownload::acc048_serverStartsAgain()
{
    start(slowly("4m"));
    begin(m_content);
    QVERIFY(waitUntil([&] { return m_download->bytesReceived() >= 6'000'000; }));
    const qint64 before = m_download->bytesReceived();
    QVERIFY(m_server->restart());
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    QCOMPARE(code(), "");
    QVERIFY(contentOf(file()) == m_content);
    QVERIFY(before < size);
    QCOMPARE(m_download->bytesReceived(), size);
}

void TestRealDownload::acc051_throughAProxyWithLogin()
{
    if (!TinyproxyServer::isAvailable())
        QSKIP("tinyproxy is neither installed nor unpacked (platform/linux/setup.sh --tests)");
    start({});
    TinyproxyServer proxy("reader", "secret");
    QVERIFY(proxy.start());
    qputenv("http_proxy", proxy.address("reader", "secret"));
    // A name of this computer that does not count as loopback, to which no proxy leads.
    begin(m_content, m_server->url(name, u"0.0.0.0"_s));
    QVERIFY(waitUntil([&] { return hasEnded(); }));
    qunsetenv("http_proxy");
    QCOMPARE(code(), "");
    QVERIFY(contentOf(file()) == m_content);
    QVERIFY(proxy.requests() > 0);
}

QTEST_GUILESS_MAIN(TestRealDownload)
#include "tst_realdownload.moc"
