// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/networkmanager.h"

#include "tests/support/certificates.h"
#include "tests/support/fetched.h"
#include "tests/support/peakmemory.h"
#include "tests/support/realserver.h"

#include <QProcess>
#include <QTcpServer>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

// As large and as repetitive as a feed of some years.
QByteArray longFeed()
{
    QByteArray feed = "<?xml version=\"1.0\"?>\n<rss><channel>\n";
    for (int i = 0; i < 1000; ++i) {
        const QByteArray number = QByteArray::number(i);
        feed += "<item><title>Version 1." + number + "</title><description>What is new in 1."
            + number
            + ": many things, each of them better than before.</description>"
              "<enclosure url=\"https://example.org/notes-1."
            + number + ".tar.zst\"/></item>\n";
    }
    return feed + "</channel></rss>\n";
}

const QByteArray gzipping = "gzip on; gzip_types *; gzip_min_length 1;";

} // namespace

// What only servers of the real world show: what really goes over the wire.
class TestRealServers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void unchangedFeedIsOneSmallAnswer_data();
    void unchangedFeedIsOneSmallAnswer();
    void changedFeedIsSentAgain();
    void feedsAreCompressed();
    void acc006_gzipBomb();
    void feedsComeOverHttp2();
    void acc043_redirects_data();
    void acc043_redirects();
    void acc043_fromHttpsToHttp_data();
    void acc043_fromHttpsToHttp();
    void acc051_onlyIpv6();

private:
    NetworkManager m_manager;
};

void TestRealServers::initTestCase()
{
    if (!NginxServer::isAvailable())
        QSKIP("nginx is neither installed nor unpacked (platform/linux/setup.sh --tests)");
}

void TestRealServers::unchangedFeedIsOneSmallAnswer_data()
{
    QTest::addColumn<QByteArray>("directives");
    QTest::addColumn<QByteArray>("etagBegin");
    QTest::newRow("plain") << QByteArray() << QByteArray("\"");
    QTest::newRow("compressed on the fly") << gzipping << QByteArray("W/\"");
    QTest::newRow("by date") << QByteArray("etag off;") << QByteArray();
}

void TestRealServers::unchangedFeedIsOneSmallAnswer()
{
    QFETCH(QByteArray, directives);
    QFETCH(QByteArray, etagBegin);
    NginxServer server({.directives = directives});
    QVERIFY(server.start());
    const QByteArray feed = longFeed();
    // A younger one would have no date to ask by.
    server.serve(u"feed.xml"_s, feed, QDateTime::currentDateTime().addSecs(-3600));
    const QUrl url = server.url(u"feed.xml"_s);
    const Fetched first = fetched(&m_manager, url);
    QCOMPARE(first.code, QByteArray());
    QVERIFY(first.content == feed);
    QVERIFY(first.validators.etag.startsWith(etagBegin));
    QCOMPARE(first.validators.etag.isEmpty(), etagBegin.isEmpty());
    const Fetched second = fetched(&m_manager, url, {.known = first.validators});
    QCOMPARE(second.code, QByteArray());
    QVERIFY(second.isNotModified);
    QCOMPARE(second.content, QByteArray());
    QTRY_COMPARE(server.requests().size(), 2);
    QCOMPARE(server.requests()[1].status, 304);
    QVERIFY(server.requests()[1].bytesSent < 1000);
}

void TestRealServers::changedFeedIsSentAgain()
{
    NginxServer server({.directives = gzipping});
    QVERIFY(server.start());
    const QUrl url = server.url(u"feed.xml"_s);
    server.serve(u"feed.xml"_s, "old");
    const Fetched first = fetched(&m_manager, url);
    server.serve(u"feed.xml"_s, "newer");
    const Fetched second = fetched(&m_manager, url, {.known = first.validators});
    QCOMPARE(first.content, "old");
    QCOMPARE(second.content, "newer");
    QVERIFY(!second.isNotModified);
}

void TestRealServers::feedsAreCompressed()
{
    NginxServer server({.directives = gzipping});
    QVERIFY(server.start());
    const QByteArray feed = longFeed();
    QVERIFY2(feed.size() > 150'000, QByteArray::number(feed.size()));
    server.serve(u"feed.xml"_s, feed);
    QVERIFY(fetched(&m_manager, server.url(u"feed.xml"_s)).content == feed);
    QTRY_COMPARE(server.requests().size(), 1);
    QCOMPARE(server.requests()[0].encoding, "gzip");
    QVERIFY2(server.requests()[0].bytesSent < feed.size() / 8,
             QByteArray::number(server.requests()[0].bytesSent));
}

void TestRealServers::acc006_gzipBomb()
{
    NginxServer server({.directives = "gzip_static always;"});
    QVERIFY(server.start());
    QProcess gzip;
    gzip.start(u"sh"_s,
               {u"-c"_s, u"head -c 1073741824 /dev/zero | gzip -1 >\"$0\""_s,
                server.folder() + u"/feed.xml.gz"_s});
    QVERIFY(gzip.waitForFinished(120'000) && gzip.exitCode() == 0);
    const PeakMemory memory;
    const Fetched answer = fetched(&m_manager, server.url(u"feed.xml"_s), {.limit = 5 << 20});
    QCOMPARE(answer.code, "FEED_TOO_LARGE");
    QVERIFY2(answer.content.size() < 7 << 20, QByteArray::number(answer.content.size()));
    const auto growth = memory.growth();
    QVERIFY2(growth.value_or(0) < 40 << 20, QByteArray::number(qint64(growth.value_or(0))));
}

void TestRealServers::feedsComeOverHttp2()
{
    Certificates certificates;
    if (!certificates.isAvailable())
        QSKIP("The openssl command is not installed.");
    QVERIFY(certificates.make({.name = u"good"_s}));
    certificates.trust();
    NetworkManager manager;
    NginxServer server({.certificate = certificates.certificate(u"good"_s),
                        .key = certificates.key(u"good"_s),
                        .directives = gzipping});
    QVERIFY(server.start());
    const QByteArray feed = longFeed();
    server.serve(u"feed.xml"_s, feed);
    const QUrl url = server.url(u"feed.xml"_s);
    const Fetched first = fetched(&manager, url);
    QCOMPARE(first.message, QString());
    QVERIFY(first.content == feed);
    QVERIFY(fetched(&manager, url, {.known = first.validators}).isNotModified);
    QTRY_COMPARE(server.requests().size(), 2);
    for (const ServedRequest &request : server.requests())
        QCOMPARE(request.protocol, "HTTP/2.0");
    QCOMPARE(server.requests()[1].status, 304);
}

void TestRealServers::acc043_redirects_data()
{
    QTest::addColumn<int>("hops");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("as many as one follows") << 5 << QByteArray();
    QTest::newRow("one too many") << 6 << QByteArray("NETWORK");
}

void TestRealServers::acc043_redirects()
{
    QFETCH(int, hops);
    QByteArray directives;
    for (int i = 1; i <= hops; ++i)
        directives += "location = /" + QByteArray::number(i) + " { return 302 /"
            + QByteArray::number(i - 1) + "; }\n";
    NginxServer server({.directives = directives});
    QVERIFY(server.start());
    server.serve(u"0"_s, "content");
    const Fetched answer = fetched(&m_manager, server.url(QString::number(hops)));
    QTEST(answer.code, "code");
    QCOMPARE(answer.content, answer.code.isEmpty() ? "content" : "");
    QTRY_COMPARE(server.requests().size(), 6);
}

void TestRealServers::acc043_fromHttpsToHttp_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<bool>("allowsHttp");
    QTest::newRow("elsewhere") << QByteArray("http://example.org/feed.xml") << false;
    QTest::newRow("on this computer") << QByteArray("http://127.0.0.1:1/feed.xml") << false;
    QTest::newRow("where http would do") << QByteArray("http://example.org/feed.xml") << true;
}

void TestRealServers::acc043_fromHttpsToHttp()
{
    QFETCH(QByteArray, target);
    QFETCH(bool, allowsHttp);
    Certificates certificates;
    if (!certificates.isAvailable())
        QSKIP("The openssl command is not installed.");
    QVERIFY(certificates.make({.name = u"good"_s}));
    certificates.trust();
    NetworkManager manager;
    NginxServer server({.certificate = certificates.certificate(u"good"_s),
                        .key = certificates.key(u"good"_s),
                        .directives = "location / { return 302 " + target + "; }"});
    QVERIFY(server.start());
    const Fetched answer = fetched(&manager, server.url(u"feed.xml"_s),
                                   {.policy = {.allowsHttp = allowsHttp}});
    QCOMPARE(answer.code, "URL_SCHEME");
    QVERIFY(answer.message.contains(QString::fromLatin1(target)));
}

void TestRealServers::acc051_onlyIpv6()
{
    NginxServer server({.address = "[::1]"});
    if (QTcpServer probe; !probe.listen(QHostAddress::LocalHostIPv6))
        QSKIP("This computer has no IPv6.");
    QVERIFY(server.start());
    server.serve(u"feed.xml"_s, "content");
    const Fetched answer = fetched(&m_manager, server.url(u"feed.xml"_s));
    QCOMPARE(answer.message, QString());
    QCOMPARE(answer.content, "content");
}

QTEST_GUILESS_MAIN(TestRealServers)
#include "tst_realservers.moc"
