// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/faultserver/rawclient.h"
#include "tests/support/waituntil.h"

#include <Freshen/FaultServer>

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Freshen;
using namespace Qt::StringLiterals;

// Which request gets which answer, and what a test learns about it.
class TestFaultServer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void inTurn();
    void whatHoldsForAPath();
    void emptyContent();
    void redirects();
    void loginPageForEverything();
    void loginPageForAWhile();
    void folder();
    void folderHidesTheRest_data();
    void folderHidesTheRest();
    void changedFile();
    void paths_data();
    void paths();
    void headers();
    void tellsWhatWasAsked();
    void tellsWhenItEnded();
    void countsConnections();
    void countsWhatWasSent();
    void requestWithoutEnd();
    void requestWithContent();
    void addresses_data();
    void addresses();
    void addressInUse();
    void endsConnections();

private:
    QByteArray get(const QString &path, const QByteArrayList &headers = {});
    void write(const QString &name, const QByteArray &content) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FaultServer> m_server;
    int m_status = 0;
};

void TestFaultServer::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<FaultServer>();
}

QByteArray TestFaultServer::get(const QString &path, const QByteArrayList &headers)
{
    RawClient client(m_server->url(path), headers);
    client.waitForEnd();
    m_status = client.status();
    return client.body();
}

void TestFaultServer::write(const QString &name, const QByteArray &content) const
{
    QFile file(m_folder->filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
}

void TestFaultServer::inTurn()
{
    m_server->serve(u"/file"_s,
                    QList<FaultAnswer>{{.status = 503}, {.content = "one"}, {.content = "two"}});
    m_server->serve(u"/other"_s, "other");
    QCOMPARE(get(u"/file"_s), "");
    QCOMPARE(m_status, 503);
    QCOMPARE(get(u"/file"_s), "one");
    QCOMPARE(get(u"/other"_s), "other");
    QCOMPARE(get(u"/file"_s), "two");
    QCOMPARE(get(u"/file"_s), "two");
    m_server->serve(u"/file"_s, "anew");
    QCOMPARE(get(u"/file"_s), "anew");
    m_server->serve(u"/file"_s, QList<FaultAnswer>());
    get(u"/file"_s);
    QCOMPARE(m_status, 404);
}

void TestFaultServer::whatHoldsForAPath()
{
    write(u"file"_s, "from the folder");
    QVERIFY(get(u"/file"_s).startsWith("<html>"));
    QCOMPARE(m_status, 404);
    m_server->serveFolder(m_folder->path());
    QCOMPARE(get(u"/file"_s), "from the folder");
    m_server->serveAlways(FaultAnswer{.content = "always"});
    QCOMPARE(get(u"/file"_s), "always");
    m_server->serve(u"/file"_s, "its own");
    QCOMPARE(get(u"/file"_s), "its own");
    QCOMPARE(get(u"/other"_s), "always");
    m_server->serveAlways(QList<FaultAnswer>());
    get(u"/other"_s);
    QCOMPARE(m_status, 404);
}

void TestFaultServer::emptyContent()
{
    write(u"file"_s, "from the folder");
    m_server->serveFolder(m_folder->path());
    m_server->serve(u"/file"_s, QByteArray());
    QCOMPARE(get(u"/file"_s), "");
    QVERIFY(m_server->serveScript(R"({"/file": {"content": ""}})"));
    QCOMPARE(get(u"/file"_s), "");
    QCOMPARE(m_status, 200);
    QVERIFY(m_server->serveScript(R"({"/file": {"status": 503}})"));
    QCOMPARE(get(u"/file"_s), "");
    QCOMPARE(m_status, 503);
}

void TestFaultServer::redirects()
{
    m_server->redirect(u"/file"_s, "/other", 307);
    RawClient client(m_server->url(u"/file"_s));
    client.waitForEnd();
    QCOMPARE(client.status(), 307);
    QCOMPARE(client.header("Location"), "/other");
}

void TestFaultServer::loginPageForEverything()
{
    m_server->serveFolder(m_folder->path());
    write(u"appcast.xml"_s, "<rss/>");
    m_server->serveAlways(FaultAnswer::loginPage());
    for (const QString &path : {u"/appcast.xml"_s, u"/other"_s}) {
        RawClient client(m_server->url(path));
        client.waitForEnd();
        QCOMPARE(client.status(), 200);
        QCOMPARE(client.header("Content-Type"), "text/html");
        QVERIFY(client.body().startsWith("<html>"));
    }
}

void TestFaultServer::loginPageForAWhile()
{
    m_server->serveFolder(m_folder->path());
    write(u"file"_s, "from the folder");
    m_server->serveAlways(QList<FaultAnswer>{FaultAnswer::loginPage(), {}});
    QVERIFY(get(u"/file"_s).startsWith("<html>"));
    QCOMPARE(get(u"/file"_s), "from the folder");
}

void TestFaultServer::folder()
{
    QVERIFY(QDir(m_folder->path()).mkdir(u"folder"_s));
    write(u"folder/a file+%.txt"_s, "0123456789");
    m_server->serveFolder(m_folder->path());
    const QUrl url = m_server->url(u"/folder/a file+%25.txt"_s);
    RawClient whole(url);
    whole.waitForEnd();
    QCOMPARE(whole.status(), 200);
    QCOMPARE(whole.body(), "0123456789");
    const QByteArray tag = whole.header("ETag");
    QVERIFY2(tag.startsWith("\"a-") && tag.endsWith('"'), tag);
    const QByteArray changed = whole.header("Last-Modified");
    const auto time = QDateTime::fromString(QString::fromLatin1(changed), Qt::RFC2822Date);
    QVERIFY2(qAbs(time.secsTo(QDateTime::currentDateTimeUtc())) < 60, changed);
    QVERIFY(!whole.header("Date").isEmpty());
    RawClient known(url, {"If-None-Match: " + tag});
    known.waitForEnd();
    QCOMPARE(known.status(), 304);
    RawClient part(url, {"Range: bytes=2-", "If-Range: " + changed});
    part.waitForEnd();
    QCOMPARE(part.body(), "23456789");
}

void TestFaultServer::folderHidesTheRest_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char *path : {"/../secret", "/a/../../secret", "/%2e%2e/secret", "/a/..%2f../secret",
                             "/a", "/", "", "/missing", "/a/missing"})
        QTest::newRow(path) << QByteArray(path);
}

void TestFaultServer::folderHidesTheRest()
{
    QFETCH(QByteArray, path);
    QVERIFY(QDir(m_folder->path()).mkpath(u"site/a"_s));
    write(u"secret"_s, "secret");
    m_server->serveFolder(m_folder->filePath(u"site"_s));
    RawClient client(m_server->url(u"/"_s), {}, "GET " + path + " HTTP/1.1\r\nX: ");
    client.waitForEnd();
    QCOMPARE(client.status(), 404);
}

void TestFaultServer::changedFile()
{
    write(u"file"_s, "0123456789");
    m_server->serveFolder(m_folder->path());
    RawClient old(m_server->url(u"/file"_s));
    old.waitForEnd();
    const QByteArray condition = "If-Range: " + old.header("ETag");
    QCOMPARE(get(u"/file"_s, {"Range: bytes=4-", condition}), "456789");
    write(u"file"_s, "other 789 and more");
    QCOMPARE(get(u"/file"_s, {"Range: bytes=4-", condition}), "other 789 and more");
}

void TestFaultServer::paths_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QString>("path");
    const auto row = [](const char *target, const QString &path) {
        QTest::newRow(target) << QByteArray(target) << path;
    };
    row("/file", u"/file"_s);
    row("/file?a=b", u"/file"_s);
    row("/a%20b", u"/a b"_s);
    row("//file", u"//file"_s);
    row("http://elsewhere.example.org/file?a=b", u"/file"_s); // as to a proxy
}

void TestFaultServer::paths()
{
    QFETCH(QByteArray, target);
    QFETCH(QString, path);
    m_server->serve(path, "content");
    RawClient client(m_server->url(u"/"_s), {}, "GET " + target + " HTTP/1.1\r\nX: ");
    client.waitForEnd();
    QCOMPARE(client.body(), "content");
    QCOMPARE(m_server->requests(path), 1);
}

void TestFaultServer::headers()
{
    get(u"/file"_s, {"A: old", "b:two "});
    get(u"/file"_s, {"a:  one"});
    get(u"/other"_s, {"a: other"});
    QCOMPARE(m_server->header(u"/file"_s, "A"), "one");
    QVERIFY(m_server->header(u"/file"_s, "b").isNull());
    QVERIFY(m_server->header(u"/missing"_s, "a").isNull());
    QCOMPARE(m_server->requests().constFirst().header("B"), "two");
}

void TestFaultServer::tellsWhatWasAsked()
{
    m_server->serve(u"/file"_s, "0123456789");
    get(u"/file"_s, {"Range: bytes=2-5"});
    get(u"/missing"_s);
    const auto requests = m_server->requests();
    QCOMPARE(requests.size(), 2);
    QCOMPARE(requests[0].method, "GET");
    QCOMPARE(requests[0].path, u"/file"_s);
    QVERIFY(requests[0].head.startsWith("GET /file HTTP/1.1\r\n"));
    QVERIFY(requests[0].head.endsWith("Range: bytes=2-5\r\n\r\n"));
    QCOMPARE(requests[0].status, 206);
    QCOMPARE(requests[0].bytesSent, 4);
    QCOMPARE(requests[1].status, 404);
    QCOMPARE(m_server->requests(u"/file"_s), 1);
    QCOMPARE(m_server->requests(u"/missing"_s), 1);
    QCOMPARE(m_server->requests(u"/never"_s), 0);
}

void TestFaultServer::tellsWhenItEnded()
{
    m_server->serve(u"/file"_s, FaultAnswer{.content = "0123456789", .stallAfter = 4});
    QList<FaultRequest> ended;
    connect(m_server.get(), &FaultServer::ended, this,
            [&](const FaultRequest &request) { ended.append(request); });
    RawClient client(m_server->url(u"/file"_s));
    QVERIFY(waitUntil([&] { return client.body() == "0123"; }));
    QCOMPARE(ended.size(), 0);
    client.abort();
    QVERIFY(waitUntil([&] { return ended.size() == 1; }));
    QCOMPARE(ended[0].path, u"/file"_s);
    QCOMPARE(ended[0].bytesSent, 4);
}

void TestFaultServer::countsConnections()
{
    m_server->serve(u"/file"_s, FaultAnswer{.content = "0123456789", .stallAfter = 1});
    QCOMPARE(m_server->mostConnections(), 0);
    auto first = std::make_unique<RawClient>(m_server->url(u"/file"_s));
    RawClient second(m_server->url(u"/file"_s));
    QVERIFY(waitUntil([&] { return m_server->connections() == 2; }));
    first.reset();
    QVERIFY(waitUntil([&] { return m_server->connections() == 1; }));
    QCOMPARE(m_server->mostConnections(), 2);
}

void TestFaultServer::countsWhatWasSent()
{
    m_server->serve(u"/chunked"_s,
                    FaultAnswer{.content = QByteArray(100'000, 'x'),
                                .length = FaultAnswer::Length::Chunked,
                                .headerBytes = 1000,
                                .block = 999});
    m_server->serve(u"/raw"_s, FaultAnswer{.raw = "raw"});
    get(u"/chunked"_s);
    get(u"/chunked"_s);
    get(u"/raw"_s);
    QCOMPARE(m_server->bytesSent(u"/chunked"_s), 200'000);
    QCOMPARE(m_server->bytesSent(u"/raw"_s), 3);
    QCOMPARE(m_server->bytesSent(), 200'003);
    // What a client does not read the system does not take, beyond what it keeps in between.
    constexpr qint64 large = 40 << 20;
    m_server->serve(u"/large"_s, FaultAnswer{.zeros = large, .block = large});
    QTcpSocket idle;
    idle.setReadBufferSize(1);
    idle.connectToHost(QHostAddress::LocalHost, quint16(m_server->url(u"/"_s).port()));
    idle.write("GET /large HTTP/1.1\r\n\r\n");
    QVERIFY(waitUntil([&] { return m_server->bytesSent(u"/large"_s) > 0; }));
    qint64 before = -1;
    const auto isStill = [&] {
        return std::exchange(before, m_server->bytesSent(u"/large"_s)) == before;
    };
    QTRY_VERIFY(isStill());
    QVERIFY(before < large / 2);
}

void TestFaultServer::requestWithoutEnd()
{
    RawClient client(m_server->url(u"/"_s), {QByteArray(2 << 20, 'x')}, "GET");
    client.waitForEnd();
    QCOMPARE(client.received(), "");
    QCOMPARE(m_server->requests().size(), 0);
}

void TestFaultServer::requestWithContent()
{
    m_server->serve(u"/file"_s, "content");
    RawClient client(m_server->url(u"/file"_s),
                     {"Content-Length: 1000000", "\r\n" + QByteArray(1'000'000, 'x')}, "POST");
    client.waitForEnd();
    QCOMPARE(client.body(), "content");
    QCOMPARE(m_server->requests().constFirst().method, "POST");
}

void TestFaultServer::addresses_data()
{
    QTest::addColumn<QHostAddress>("address");
    QTest::addColumn<QString>("host");
    QTest::newRow("IPv4") << QHostAddress(QHostAddress::LocalHost) << u"127.0.0.1"_s;
    QTest::newRow("IPv6") << QHostAddress(QHostAddress::LocalHostIPv6) << u"::1"_s;
    QTest::newRow("any") << QHostAddress(QHostAddress::Any) << u"127.0.0.1"_s;
    QTest::newRow("any of IPv6") << QHostAddress(QHostAddress::AnyIPv6) << u"::1"_s;
}

void TestFaultServer::addresses()
{
    QFETCH(QHostAddress, address);
    m_server = std::make_unique<FaultServer>(address);
    if (!m_server->isListening())
        QSKIP("This computer has no such address.");
    QTEST(m_server->url(u"/file"_s).host(), "host");
    QCOMPARE(m_server->url(u"/file"_s).scheme(), u"http"_s);
    m_server->serve(u"/file"_s, "content");
    QCOMPARE(get(u"/file"_s), "content");
}

void TestFaultServer::addressInUse()
{
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"The fault server cannot listen: .+"_s));
    const auto port = quint16(m_server->url(u"/"_s).port());
    const FaultServer second(QHostAddress(QHostAddress::LocalHost), port);
    QVERIFY(!second.isListening());
    QVERIFY(!second.errorString().isEmpty());
}

void TestFaultServer::endsConnections()
{
    m_server->serve(u"/file"_s, FaultAnswer{.content = "0123456789", .stallAfter = 1});
    RawClient client(m_server->url(u"/file"_s));
    QVERIFY(waitUntil([&] { return client.body() == "0"; }));
    QSignalSpy ended(m_server.get(), &FaultServer::ended);
    m_server.reset();
    QCOMPARE(ended.size(), 1);
    client.waitForEnd();
    QCOMPARE(client.body(), "0");
}

QTEST_GUILESS_MAIN(TestFaultServer)
#include "tst_faultserver.moc"
