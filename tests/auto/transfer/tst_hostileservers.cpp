// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/networkmanager.h"

#include "tests/support/fetched.h"
#include "tests/support/peakmemory.h"

#include <Freshen/FaultServer>

#include <QElapsedTimer>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// Heads that no honest server sends, and servers that are not there.
class TestHostileServers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acc051_hugeHead_data();
    void acc051_hugeHead();
    void acc051_lineBreaksInLocation_data();
    void acc051_lineBreaksInLocation();
    void acc041_nobodyThere_data();
    void acc041_nobodyThere();

private:
    NetworkManager m_manager;
};

void TestHostileServers::acc051_hugeHead_data()
{
    QTest::addColumn<QByteArray>("headers");
    QTest::newRow("one of 4 MB") << "X-Long: " + QByteArray(4 << 20, 'x') + "\r\n";
    QTest::newRow("4 MB of them") << ("X: " + QByteArray(95, 'x') + "\r\n").repeated(42'000);
}

void TestHostileServers::acc051_hugeHead()
{
    QFETCH(QByteArray, headers);
    FaultServer server;
    FaultAnswer answer;
    answer.raw = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n" + headers + "\r\ncontent";
    server.serve(u"/feed.xml"_s, answer);
    const PeakMemory memory;
    QElapsedTimer time;
    time.start();
    const Fetched result = fetched(&m_manager, server.url(u"/feed.xml"_s));
    QCOMPARE(result.code, "NETWORK");
    QCOMPARE(result.content, QByteArray());
    QVERIFY2(time.elapsed() < 20'000, QByteArray::number(time.elapsed()));
    const qint64 growth = memory.growth().value_or(0);
    QVERIFY2(growth < 40 << 20, QByteArray::number(growth));
}

void TestHostileServers::acc051_lineBreaksInLocation_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QString>("path");
    QTest::newRow("encoded") << QByteArray("/next%0d%0aX-Smuggled:%201%0d%0a")
                             << u"/next\r\nX-Smuggled: 1\r\n"_s;
    QTest::newRow("twice encoded")
        << QByteArray("/next%250d%250aX-Smuggled:%201") << u"/next%0d%0aX-Smuggled: 1"_s;
    QTest::newRow("in the query") << QByteArray("/next?a=%0d%0aX-Smuggled:%201") << u"/next"_s;
    QTest::newRow("return") << QByteArray("/next\rX-Smuggled: 1") << u"/next\rX-Smuggled: 1"_s;
    QTest::newRow("feed") << QByteArray("/next\nX-Smuggled: 1") << u"/next"_s;
    QTest::newRow("folded") << QByteArray("/next\r\n X-Smuggled: 1") << u"/next X-Smuggled: 1"_s;
}

// Wherever it leads, the next request has our own headers and no other.
void TestHostileServers::acc051_lineBreaksInLocation()
{
    QFETCH(QByteArray, target);
    QFETCH(QString, path);
    FaultServer server;
    FaultAnswer answer;
    answer.raw = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + target + "\r\n\r\n";
    server.serve(u"/feed.xml"_s, answer);
    server.serve(path, "next");
    const Fetched result = fetched(&m_manager, server.url(u"/feed.xml"_s));
    QCOMPARE(result.message, QString());
    QCOMPARE(result.content, "next");
    QCOMPARE(server.header(path, "User-Agent"), "Freshen");
    QCOMPARE(server.header(path, "X-Smuggled"), QByteArray());
}

void TestHostileServers::acc041_nobodyThere_data()
{
    QTest::addColumn<QUrl>("url");
    QTest::addColumn<QString>("cause");
    QTest::newRow("no such name") << QUrl(u"https://nobody.invalid/feed.xml"_s) << u"not found"_s;
    QTest::newRow("refused") << FaultServer::deadUrl() << u"refused"_s;
    QTest::newRow("unreachable") << QUrl(u"https://255.255.255.255/feed.xml"_s) << u"unreachable"_s;
}

void TestHostileServers::acc041_nobodyThere()
{
    QFETCH(QUrl, url);
    QFETCH(QString, cause);
    const Fetched answer = fetched(&m_manager, url, {.policy = {.limits = {.patience = 0ms}}});
    QCOMPARE(answer.code, "NETWORK");
    QVERIFY2(answer.message.contains(cause), qPrintable(answer.message));
    QVERIFY2(answer.message.contains(url.host()), qPrintable(answer.message));
}

QTEST_GUILESS_MAIN(TestHostileServers)
#include "tst_hostileservers.moc"
