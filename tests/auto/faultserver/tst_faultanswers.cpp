// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/faultserver/rawclient.h"
#include "tests/support/peakmemory.h"
#include "tests/support/waituntil.h"

#include <Freshen/FaultServer>

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Length = FaultAnswer::Length;

// What each member of an answer does, to the byte, told in C++ and in a script.
class TestFaultAnswers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void whatIsSent_data();
    void whatIsSent();
    void stalls_data();
    void stalls();
    void stallsNotBeyondTheContent();
    void endless();
    void delays();
    void drips_data();
    void drips();
    void slowReaderGetsNoBurst();
    void manyHeaders_data();
    void manyHeaders();
    void packs_data();
    void packs();
    void packsOnlyWhereAccepted();
    void bomb();
    void largeFile();
    void fileThatShrinks();
    void headAlone();

private:
    void script(const QByteArray &answer);
    QUrl url() const { return m_server->url(u"/file"_s); }

    std::unique_ptr<FaultServer> m_server;
};

void TestFaultAnswers::init()
{
    m_server = std::make_unique<FaultServer>();
    QVERIFY(m_server->isListening());
}

void TestFaultAnswers::script(const QByteArray &answer)
{
    QString error;
    QVERIFY2(m_server->serveScript("{\"/file\": " + answer + '}', &error), qPrintable(error));
}

void TestFaultAnswers::whatIsSent_data()
{
    QTest::addColumn<FaultAnswer>("answer");
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("begin"); // of the head
    QTest::addColumn<QByteArray>("end");
    const auto row = [](const char *name, const FaultAnswer &answer, const char *json,
                        const char *begin, const QByteArray &end) {
        QTest::newRow(name) << answer << QByteArray(json) << QByteArray(begin) << end;
    };
    const char *ok = "HTTP/1.1 200 Told so\r\nConnection: close\r\n";
    row("nothing said", {}, "{}", ok, "Content-Length: 0\r\n\r\n");
    row("status", {.status = 503}, R"({"status": 503})", "HTTP/1.1 503 ",
        "Content-Length: 0\r\n\r\n");
    row("content", {.content = "abc"}, R"({"content": "abc"})", ok, "Content-Length: 3\r\n\r\nabc");
    row("headers", {.headers = {"A: b", "C: d"}}, R"({"headers": ["A: b", "C: d"]})", ok,
        "Content-Length: 0\r\nA: b\r\nC: d\r\n\r\n");
    row("chunked", {.content = "abc", .length = Length::Chunked},
        R"({"content": "abc", "length": "chunked"})", ok,
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    row("until the end", {.content = "abc", .length = Length::UntilTheEnd},
        R"({"content": "abc", "length": "untilTheEnd"})", ok, "\r\nabc");
    row("announces too much", {.content = "abc", .announced = 10},
        R"({"content": "abc", "announced": 10})", ok, "Content-Length: 10\r\n\r\nabc");
    row("announces too little", {.content = "abc", .announced = 0},
        R"({"content": "abc", "announced": 0})", ok, "Content-Length: 0\r\n\r\nabc");
    row("cut", {.content = "abc", .cutAfter = 2}, R"({"content": "abc", "cutAfter": 2})", ok,
        "Content-Length: 3\r\n\r\nab");
    row("cut at once", {.content = "abc", .cutAfter = 0}, R"({"content": "abc", "cutAfter": 0})",
        ok, "Content-Length: 3\r\n\r\n");
    row("cut in a chunk", {.content = "abc", .length = Length::Chunked, .cutAfter = 2},
        R"({"content": "abc", "length": "chunked", "cutAfter": 2})", ok,
        "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n");
    row("again and again", {.content = "abc", .cutAfter = 7, .isEndless = true},
        R"({"content": "abc", "cutAfter": 7, "isEndless": true})", ok,
        "Content-Length: 3\r\n\r\nabcabca");
    row("zeros", {.zeros = 3}, R"({"zeros": 3})", ok,
        "Content-Length: 3\r\n\r\n" + QByteArray(3, '\0'));
    row("damaged", {.content = "abc", .damagedAt = 1, .block = 2},
        R"({"content": "abc", "damagedAt": 1, "block": 2})", ok, "Content-Length: 3\r\n\r\nacc");
    row("damaged later", {.content = "abcd", .damagedAt = 3, .block = 2},
        R"({"content": "abcd", "damagedAt": 3, "block": 2})", ok, "Content-Length: 4\r\n\r\nabce");
    row("raw", {.raw = "no HTTP\r\n\r\n at all"}, R"({"raw": "no HTTP\r\n\r\n at all"})",
        "no HTTP\r\n\r\n at all", "");
    row("tag", {.content = "abc", .etag = "W/\"1\""}, R"({"content": "abc", "etag": "W/\"1\""})",
        ok, "Content-Length: 3\r\nETag: W/\"1\"\r\n\r\nabc");
    row("date", {.content = "abc", .lastModified = "then"},
        R"({"content": "abc", "lastModified": "then"})", ok,
        "Content-Length: 3\r\nLast-Modified: then\r\n\r\nabc");
    row("redirect", {.redirect = "/other"}, R"({"redirect": "/other"})", "HTTP/1.1 302 ",
        "Content-Length: 0\r\nLocation: /other\r\n\r\n");
    row("permanent redirect", {.status = 308, .redirect = "/other"},
        R"({"status": 308, "redirect": "/other"})", "HTTP/1.1 308 ",
        "Content-Length: 0\r\nLocation: /other\r\n\r\n");
    row("later", {.status = 503, .retryAfter = "120"}, R"({"status": 503, "retryAfter": 120})",
        "HTTP/1.1 503 ", "Content-Length: 0\r\nRetry-After: 120\r\n\r\n");
    row("later, a date", {.status = 503, .retryAfter = "Sun, 22 Nov 2026 10:00:00 GMT"},
        R"({"status": 503, "retryAfter": "Sun, 22 Nov 2026 10:00:00 GMT"})", "HTTP/1.1 503 ",
        "Content-Length: 0\r\nRetry-After: Sun, 22 Nov 2026 10:00:00 GMT\r\n\r\n");
    row("blocks", {.content = "abc", .length = Length::Chunked, .block = 2},
        R"({"content": "abc", "length": "chunked", "block": 2})", ok,
        "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
}

void TestFaultAnswers::whatIsSent()
{
    QFETCH(FaultAnswer, answer);
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, begin);
    QFETCH(QByteArray, end);
    m_server->serve(u"/file"_s, answer);
    RawClient told(url());
    told.waitForEnd();
    QVERIFY2(told.received().startsWith(begin), told.received());
    QVERIFY2(told.received().endsWith(end), told.received());
    if (begin.endsWith('\n')) // then these are all there is
        QCOMPARE(told.received().size(), begin.size() + end.size());
    script(json);
    RawClient scripted(url());
    scripted.waitForEnd();
    QCOMPARE(scripted.received(), told.received());
}

void TestFaultAnswers::stalls_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("after the head")
        << QByteArray(R"({"content": "abc", "stallAfter": 0})") << QByteArray();
    QTest::newRow("in the middle")
        << QByteArray(R"({"content": "abc", "stallAfter": 2})") << QByteArray("ab");
    QTest::newRow("after everything")
        << QByteArray(R"({"content": "abc", "length": "chunked", "stallAfter": 3})")
        << QByteArray("3\r\nabc\r\n");
}

void TestFaultAnswers::stalls()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, body);
    script(json);
    RawClient client(url());
    QVERIFY(waitUntil([&] { return client.head().size() > 2 && client.body() == body; }));
    // Whoever comes later gets everything in the meantime.
    m_server->serve(u"/other"_s, QByteArray(1000, 'x'));
    RawClient other(m_server->url(u"/other"_s));
    other.waitForEnd();
    QCOMPARE(other.body().size(), 1000);
    QVERIFY(client.isConnected());
    QCOMPARE(client.body(), body);
    QCOMPARE(m_server->connections(), 1);
    client.abort();
    QVERIFY(waitUntil([&] { return m_server->connections() == 0; }));
}

void TestFaultAnswers::stallsNotBeyondTheContent()
{
    script(R"({"content": "abc", "stallAfter": 4})");
    RawClient client(url());
    client.waitForEnd();
    QCOMPARE(client.body(), "abc");
}

void TestFaultAnswers::endless()
{
    script(R"({"content": "abc", "isEndless": true, "length": "untilTheEnd"})");
    RawClient client(url());
    QVERIFY(waitUntil([&] { return client.body().size() > 100'000; }));
    QVERIFY(client.isConnected());
    QVERIFY(client.body().startsWith("abcabc"));
}

void TestFaultAnswers::delays()
{
    script(R"({"content": "abc", "delayMs": 300})");
    QElapsedTimer timer;
    timer.start();
    RawClient client(url());
    client.waitForEnd();
    QVERIFY2(timer.elapsed() >= 300, QByteArray::number(timer.elapsed()));
    QCOMPARE(client.body(), "abc");
}

void TestFaultAnswers::drips_data()
{
    QTest::addColumn<int>("rate");
    QTest::newRow("a byte after the other") << 20;
    QTest::newRow("slow") << 20'000;
    QTest::newRow("fast") << 20'000'000;
}

void TestFaultAnswers::drips()
{
    QFETCH(int, rate);
    script("{\"zeros\": " + QByteArray::number(2 * rate)
           + ", \"bytesPerSecond\": " + QByteArray::number(rate) + '}');
    QElapsedTimer timer;
    timer.start();
    RawClient client(url());
    client.waitForEnd();
    QCOMPARE(client.body().size(), 2 * rate);
    QVERIFY2(timer.elapsed() > 1800 && timer.elapsed() < 6000, QByteArray::number(timer.elapsed()));
}

// What it did not take for long does not come all at once later.
void TestFaultAnswers::slowReaderGetsNoBurst()
{
    constexpr int rate = 1000;
    FaultAnswer answer;
    answer.zeros = 3 * rate;
    answer.bytesPerSecond = rate;
    m_server->serve(u"/file"_s, answer);
    RawClient client(url());
    QVERIFY(waitUntil([&] { return client.body().size() > 0; }));
    QElapsedTimer timer;
    timer.start();
    // Nothing is served meanwhile: the server lives in this thread.
    while (timer.elapsed() < 1500)
        continue;
    const qint64 before = client.body().size();
    timer.start();
    client.waitForEnd();
    const qint64 left = 3 * rate - before - rate; // a second is made up for
    QVERIFY2(timer.elapsed() > left * 900 / rate, QByteArray::number(timer.elapsed()));
}

void TestFaultAnswers::manyHeaders_data()
{
    QTest::addColumn<int>("size");
    for (const int size : {1, 100, 100'000, 8 << 20})
        QTest::addRow("%d", size) << size;
}

void TestFaultAnswers::manyHeaders()
{
    QFETCH(int, size);
    m_server->serve(u"/file"_s, "abc");
    RawClient plain(url());
    plain.waitForEnd();
    script(R"({"content": "abc", "headerBytes": )" + QByteArray::number(size) + '}');
    RawClient client(url());
    client.waitForEnd();
    QCOMPARE(client.body(), "abc");
    const qint64 more = client.head().size() - plain.head().size();
    QVERIFY2(more >= size && more < size + 20, QByteArray::number(more));
    for (const QByteArray &line : client.head().split('\n'))
        QVERIFY2(line.size() <= 4096, "a client may take no longer lines");
}

void TestFaultAnswers::packs_data()
{
    QTest::addColumn<QByteArray>("more");
    QTest::newRow("chunked") << QByteArray();
    QTest::newRow("until the end") << QByteArray(R"(, "length": "untilTheEnd")");
    QTest::newRow("small blocks") << QByteArray(R"(, "block": 1)");
}

// Qt unpacks what it gets.
void TestFaultAnswers::packs()
{
    QFETCH(QByteArray, more);
    QByteArray content;
    for (int i = 0; i < 1000; ++i)
        content += QByteArray::number(i) + ' ';
    script(R"({"isPacked": true, "content": ")" + content + '"' + more + '}');
    QNetworkAccessManager manager;
    const std::unique_ptr<QNetworkReply> reply(manager.get(QNetworkRequest(url())));
    QVERIFY(waitUntil([&] { return reply->isFinished(); }));
    QCOMPARE(reply->error(), QNetworkReply::NoError);
    QCOMPARE(reply->readAll(), content);
    const qint64 before = m_server->bytesSent();
    RawClient raw(url(), {"Accept-Encoding: deflate, gzip"});
    raw.waitForEnd();
    QCOMPARE(raw.header("Content-Encoding"), "gzip");
    QVERIFY(m_server->bytesSent() - before < content.size());
}

void TestFaultAnswers::packsOnlyWhereAccepted()
{
    script(R"({"isPacked": true, "content": "abc"})");
    for (const char *accepted : {"Accept-Encoding: br", "Accept: gzip"}) {
        RawClient client(url(), {accepted});
        client.waitForEnd();
        QCOMPARE(client.header("Content-Encoding"), QByteArray());
        QCOMPARE(client.body(), "abc");
    }
}

void TestFaultAnswers::bomb()
{
    script(R"({"isPacked": true, "zeros": 300000000, "length": "untilTheEnd"})");
    const PeakMemory memory;
    RawClient client(url(), {"Accept-Encoding: gzip"});
    client.waitForEnd();
    QVERIFY2(client.body().size() > 200'000 && client.body().size() < 400'000,
             QByteArray::number(client.body().size()));
    if (const auto growth = memory.growth())
        QVERIFY2(*growth < 20 << 20, QByteArray::number(*growth));
}

void TestFaultAnswers::largeFile()
{
    constexpr qint64 size = qint64(5) << 30;
    constexpr qint64 part = 400 << 20;
    const QTemporaryDir folder;
    QFile file(folder.filePath(u"large"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(size));
    m_server->serveFolder(folder.path());
    script(R"({"file": "large", "etag": "", "lastModified": ""})");
    const PeakMemory memory;
    RawClient client(url(), {"Range: bytes=-" + QByteArray::number(part)});
    client.discard();
    QElapsedTimer timer;
    timer.start();
    client.waitForEnd();
    qInfo("%lld MB/s", part / 1000 / timer.elapsed());
    QVERIFY(client.count() > part && client.count() < part + 300);
    QCOMPARE(m_server->bytesSent(), part);
    if (const auto growth = memory.growth())
        QVERIFY2(*growth < 20 << 20, QByteArray::number(*growth));
}

void TestFaultAnswers::fileThatShrinks()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(50 << 20));
    m_server->serve(u"/file"_s, FaultAnswer{.file = file.fileName()});
    RawClient client(url());
    QVERIFY(waitUntil([&] { return !client.received().isEmpty(); }));
    QVERIFY(file.resize(1));
    client.waitForEnd();
    QCOMPARE(client.header("Content-Length").toLongLong(), 50 << 20);
    QVERIFY(client.body().size() < 50 << 20);
}

void TestFaultAnswers::headAlone()
{
    for (const QByteArray length : {"announced", "chunked"}) {
        script(R"({"content": "abc", "length": ")" + length + "\"}");
        RawClient get(url());
        get.waitForEnd();
        RawClient head(url(), {}, "HEAD");
        head.waitForEnd();
        QCOMPARE(head.received(), get.head() + "\r\n");
    }
    QCOMPARE(m_server->requests().constLast().method, "HEAD");
}

QTEST_GUILESS_MAIN(TestFaultAnswers)
#include "tst_faultanswers.moc"
