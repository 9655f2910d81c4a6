// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/faultserver/rawclient.h"

#include <Freshen/FaultServer>

#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Ranges = FaultAnswer::Ranges;

namespace {

const QByteArray then = "Sun, 06 Nov 1994 08:49:37 GMT";

} // namespace

// Ranges and conditions, as RFC 9110 has them or wrong on purpose.
class TestFaultRanges : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void honoured_data();
    void honoured();
    void wrong_data();
    void wrong();
    void faultsCountBytesOfTheRange();
    void damageCountsBytesOfTheFile();
    void sameFile_data();
    void sameFile();
    void notModified_data();
    void notModified();
    void onlyOfWhatIsThere();
};

void TestFaultRanges::honoured_data()
{
    QTest::addColumn<QByteArray>("asked");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("range");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *asked, int status, const char *range, const char *body) {
        QTest::newRow(asked) << QByteArray(asked) << status << QByteArray(range)
                             << QByteArray(body);
    };
    row("bytes=0-3", 206, "bytes 0-3/10", "0123");
    row("bytes=3-3", 206, "bytes 3-3/10", "3");
    row("bytes=4-", 206, "bytes 4-9/10", "456789");
    row("bytes=4-99", 206, "bytes 4-9/10", "456789");
    row("bytes=-3", 206, "bytes 7-9/10", "789");
    row("bytes=-30", 206, "bytes 0-9/10", "0123456789");
    row("BYTES=9-", 206, "bytes 9-9/10", "9");
    row("bytes=10-", 416, "bytes */10", "");
    row("bytes=999999999999999999-", 416, "bytes */10", "");
    row("bytes=-0", 416, "bytes */10", "");
    row("bytes=4-3", 200, "", "0123456789");
    row("bytes=-", 200, "", "0123456789");
    row("bytes=a-b", 200, "", "0123456789");
    row("bytes=9999999999999999999-", 200, "", "0123456789");
    row("bytes=0-1,4-5", 200, "", "0123456789");
    row("lines=0-1", 200, "", "0123456789");
}

void TestFaultRanges::honoured()
{
    QFETCH(QByteArray, asked);
    FaultServer server;
    server.serve(u"/file"_s, "0123456789");
    RawClient client(server.url(u"/file"_s), {"Range: " + asked});
    client.waitForEnd();
    QTEST(client.status(), "status");
    QTEST(client.header("Content-Range"), "range");
    QTEST(client.body(), "body");
    QCOMPARE(client.header("Content-Length").toInt(), client.body().size());
    // Only a GET has ranges.
    RawClient post(server.url(u"/file"_s), {"Range: " + asked}, "POST");
    post.waitForEnd();
    QCOMPARE(post.status(), 200);
}

void TestFaultRanges::wrong_data()
{
    QTest::addColumn<QByteArray>("ranges");
    QTest::addColumn<QByteArray>("asked");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("range");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *ranges, const char *asked, int status, const char *range,
                        const char *body) {
        QTest::addRow("%s %s", ranges, asked) << QByteArray(ranges) << QByteArray(asked) << status
                                              << QByteArray(range) << QByteArray(body);
    };
    row("honoured", "bytes=4-5", 206, "bytes 4-5/10", "45");
    row("ignored", "bytes=4-5", 200, "", "0123456789");
    row("refused", "bytes=4-5", 416, "bytes */10", "");
    row("wrongStart", "bytes=4-5", 206, "bytes 3-5/10", "345");
    row("wrongStart", "bytes=0-5", 206, "bytes 1-5/10", "12345");
    row("wrongTotal", "bytes=4-5", 206, "bytes 4-5/11", "45");
    row("wrongUnit", "bytes=4-5", 206, "lines 4-5/10", "45");
    row("noContentRange", "bytes=4-5", 206, "", "45");
}

void TestFaultRanges::wrong()
{
    QFETCH(QByteArray, ranges);
    QFETCH(QByteArray, asked);
    FaultServer server;
    QVERIFY(
        server.serveScript(R"({"/file": {"content": "0123456789", "ranges": ")" + ranges + "\"}}"));
    RawClient client(server.url(u"/file"_s), {"Range: " + asked});
    client.waitForEnd();
    QTEST(client.status(), "status");
    QTEST(client.header("Content-Range"), "range");
    QTEST(client.body(), "body");
    RawClient whole(server.url(u"/file"_s));
    whole.waitForEnd();
    QCOMPARE(whole.status(), 200);
    QCOMPARE(whole.body(), "0123456789");
}

void TestFaultRanges::faultsCountBytesOfTheRange()
{
    FaultServer server;
    server.serve(u"/file"_s, FaultAnswer{.content = "0123456789", .cutAfter = 2});
    RawClient client(server.url(u"/file"_s), {"Range: bytes=4-8"});
    client.waitForEnd();
    QCOMPARE(client.header("Content-Length"), "5");
    QCOMPARE(client.body(), "45");
}

void TestFaultRanges::damageCountsBytesOfTheFile()
{
    FaultServer server;
    server.serve(u"/file"_s, FaultAnswer{.content = "0123456789", .damagedAt = 4});
    RawClient with(server.url(u"/file"_s), {"Range: bytes=3-5"});
    with.waitForEnd();
    QCOMPARE(with.body(), "355");
    RawClient without(server.url(u"/file"_s), {"Range: bytes=5-6"});
    without.waitForEnd();
    QCOMPARE(without.body(), "56");
}

void TestFaultRanges::sameFile_data()
{
    QTest::addColumn<QByteArray>("etag");
    QTest::addColumn<QByteArray>("condition");
    QTest::addColumn<bool>("isSame");
    const auto row = [](const char *name, const QByteArray &etag, const QByteArray &condition,
                        bool isSame) { QTest::newRow(name) << etag << condition << isSame; };
    row("same tag", "\"a\"", "\"a\"", true);
    row("other tag", "\"a\"", "\"b\"", false);
    row("weak tags", "W/\"a\"", "W/\"a\"", false);
    row("weak here", "W/\"a\"", "\"a\"", false);
    row("weak there", "\"a\"", "W/\"a\"", false);
    row("no tag", "", "\"a\"", false);
    row("same date", "\"a\"", then, true);
    row("other date", "\"a\"", "Mon, 07 Nov 1994 08:49:37 GMT", false);
    row("nonsense", "\"a\"", "a", false);
    row("empty", "\"a\"", "", false);
}

void TestFaultRanges::sameFile()
{
    QFETCH(QByteArray, etag);
    QFETCH(QByteArray, condition);
    QFETCH(bool, isSame);
    FaultServer server;
    server.serve(u"/file"_s,
                 FaultAnswer{.content = "0123456789", .etag = etag, .lastModified = then});
    RawClient client(server.url(u"/file"_s), {"Range: bytes=4-5", "If-Range: " + condition});
    client.waitForEnd();
    QCOMPARE(client.status(), isSame ? 206 : 200);
    QCOMPARE(client.body(), isSame ? "45" : "0123456789");
}

void TestFaultRanges::notModified_data()
{
    QTest::addColumn<QByteArray>("etag");
    QTest::addColumn<QByteArrayList>("conditions");
    QTest::addColumn<bool>("isSame");
    const auto row = [](const char *name, const QByteArray &etag, const QByteArrayList &conditions,
                        bool isSame) { QTest::newRow(name) << etag << conditions << isSame; };
    row("same tag", "\"a\"", {"If-None-Match: \"a\""}, true);
    row("other tag", "\"a\"", {"If-None-Match: \"b\""}, false);
    row("one of them", "\"a\"", {"If-None-Match: \"b\", W/\"a\", \"c\""}, true);
    row("weak here", "W/\"a\"", {"If-None-Match: \"a\""}, true);
    row("any", "\"a\"", {"If-None-Match: *"}, true);
    row("no tag", "", {"If-None-Match: \"a\""}, false);
    row("same date", "\"a\"", {"If-Modified-Since: " + then}, true);
    row("other date", "\"a\"", {"If-Modified-Since: Mon, 07 Nov 1994 08:49:37 GMT"}, false);
    row("same date, other tag", "\"a\"", {"If-Modified-Since: " + then, "If-None-Match: \"b\""},
        false);
    row("before ranges", "\"a\"", {"If-None-Match: \"a\"", "Range: bytes=4-5"}, true);
}

void TestFaultRanges::notModified()
{
    QFETCH(QByteArray, etag);
    QFETCH(QByteArrayList, conditions);
    QFETCH(bool, isSame);
    for (const auto length : {FaultAnswer::Length::Announced, FaultAnswer::Length::Chunked}) {
        FaultServer server;
        FaultAnswer answer;
        answer.content = "abc";
        answer.length = length;
        answer.etag = etag;
        answer.lastModified = then;
        server.serve(u"/file"_s, answer);
        RawClient client(server.url(u"/file"_s), conditions);
        client.waitForEnd();
        QCOMPARE(client.status(), isSame ? 304 : 200);
        QCOMPARE(client.body().isEmpty(), isSame);
        QCOMPARE(client.header("ETag"), etag);
        QCOMPARE(server.bytesSent() == 0, isSame);
    }
}

// Errors have neither ranges nor versions.
void TestFaultRanges::onlyOfWhatIsThere()
{
    FaultServer server;
    server.serve(u"/file"_s, FaultAnswer{.status = 500, .content = "abc", .etag = "\"a\""});
    RawClient client(server.url(u"/file"_s), {"Range: bytes=0-0", "If-None-Match: \"a\""});
    client.waitForEnd();
    QCOMPARE(client.status(), 500);
    QCOMPARE(client.body(), "abc");
}

QTEST_GUILESS_MAIN(TestFaultRanges)
#include "tst_faultranges.moc"
