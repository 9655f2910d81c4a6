// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/urlpolicy.h"

#include <QTest>

using namespace Freshen;

class TestUrlPolicy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acc014_whatIsFetched_data();
    void acc014_whatIsFetched();
    void shownAddresses_data();
    void shownAddresses();
    void refusalNamesTheAddressWithoutSecrets();
};

void TestUrlPolicy::acc014_whatIsFetched_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("byDefault");
    QTest::addColumn<bool>("withHttp");
    QTest::addColumn<bool>("withFiles");
    const auto row = [](const char *address, bool byDefault, bool withHttp, bool withFiles) {
        QTest::newRow(address) << QString::fromUtf8(address) << byDefault << withHttp << withFiles;
    };
    row("https://example.org/a", true, true, true);
    row("HTTPS://EXAMPLE.ORG/a", true, true, true);
    row("https://example.org:8443/a", true, true, true);
    row("https://[2001:db8::1]/a", true, true, true);
    row("https://localhost/a", true, true, true);
    row("https:///a", false, false, false);
    row("https:a", false, false, false);
    row("http://example.org/a", false, true, false);
    row("http://localhost/a", true, true, true);
    row("http://LOCALHOST:8080/a", true, true, true);
    row("http://127.0.0.1/a", true, true, true);
    row("http://127.9.8.7:80/a", true, true, true);
    row("http://[::1]/a", true, true, true);
    row("http://localhost.example.org/a", false, true, false);
    row("http://127.0.0.1.example.org/a", false, true, false);
    row("http://example.org/127.0.0.1", false, true, false);
    row("http://127.0.0.1@example.org/a", false, true, false);
    row("http://192.168.1.1/a", false, true, false);
    row("http://0.0.0.0/a", false, true, false);
    row("http:///a", false, false, false);
    row("file:///etc/passwd", false, false, true);
    row("file:/etc/passwd", false, false, true);
    row("file://server/share", false, false, false);
    row("//server/share", false, false, false);
    row("ftp://example.org/a", false, false, false);
    row("data:text/plain,a", false, false, false);
    row("javascript:alert(1)", false, false, false);
    row("qrc:/a", false, false, false);
    row(":/a", false, false, false);
    row("unix+http://example.org/a", false, false, false);
    row("httpss://example.org/a", false, false, false);
    row("appcast.xml", false, false, false);
    row("/etc/passwd", false, false, false);
    row("https://exa mple.org:port/", false, false, false);
    row("", false, false, false);
}

void TestUrlPolicy::acc014_whatIsFetched()
{
    QFETCH(QString, address);
    QFETCH(bool, byDefault);
    QFETCH(bool, withHttp);
    QFETCH(bool, withFiles);
    const QUrl url(address);
    QCOMPARE(checkUrl(url, {}).has_value(), byDefault);
    QCOMPARE(checkUrl(url, {true, false}).has_value(), withHttp);
    QCOMPARE(checkUrl(url, {false, true}).has_value(), withFiles);
    if (!byDefault)
        QVERIFY(checkUrl(url, {}).error().code == ErrorCode::URL_SCHEME);
}

void TestUrlPolicy::shownAddresses_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *address, const char *shown) {
        QTest::newRow(address) << QString::fromUtf8(address) << QString::fromUtf8(shown);
    };
    row("https://example.org/a.xml", "https://example.org/a.xml");
    row("https://user:password@example.org/a?token=secret#part", "https://example.org/a");
    row("https://example.org/na\xc3\xafve", "https://example.org/na\xc3\xafve");
}

void TestUrlPolicy::shownAddresses()
{
    QFETCH(QString, address);
    QFETCH(QString, shown);
    QCOMPARE(displayUrl(QUrl(address)), shown);
}

void TestUrlPolicy::refusalNamesTheAddressWithoutSecrets()
{
    const QUrl url(QStringLiteral("http://user:password@example.org/feed%0A%1B[31m.xml?key=secret"));
    const auto refused = checkUrl(url, {});
    const QString message = QString::fromStdString(refused.error().message);
    QVERIFY2(message.contains(QLatin1String("example.org/feed")), qPrintable(message));
    for (const char *never : {"password", "secret", "\n", "\x1b"})
        QVERIFY2(!message.contains(QLatin1String(never)), qPrintable(message));
}

QTEST_GUILESS_MAIN(TestUrlPolicy)
#include "tst_urlpolicy.moc"
