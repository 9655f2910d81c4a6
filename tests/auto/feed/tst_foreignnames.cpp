// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What feeds for other clients say in words of their own.

#include "lib/feed/appcastwriter.h"
#include "lib/feed/offerwarnings.h"

#include "tests/auto/feed/feedtext.h"

#include <QTest>

using namespace Freshen;

namespace {

Appcast appcastOf(const QByteArray &itemContent)
{
    const auto appcast = readAppcast(feed(item(version + itemContent)), webBase);
    return appcast ? *appcast : Appcast();
}

AppcastItem itemOf(const QByteArray &content)
{
    return appcastOf(content).items.value(0);
}

QByteArray enclosureWith(const QByteArray &attributes)
{
    return "<enclosure url='https://example.org/a.zip' length='9' " + attributes + "/>";
}

} // namespace

class tst_ForeignNames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void netSparkleEnclosure();
    void signatures_data();
    void signatures();
    void dsaInAnElement();
    void signedNotes();
    void signedNotesOfTheBestLanguage();
    void acc017_installerArgumentsAreIgnored();
    void offerWarnings_data();
    void offerWarnings();
};

void tst_ForeignNames::netSparkleEnclosure()
{
    const AppcastItem found = itemOf(
        "<sparkle:enclosure url='b.zip' length='7' sparkle:os='linux' sparkle:signature='abc'/>");
    QVERIFY(found.enclosure.has_value());
    QCOMPARE(found.enclosure->url, QUrl(u"https://example.org/updates/b.zip"_s));
    QCOMPARE(found.enclosure->length, 7);
    QCOMPARE(found.enclosure->os, u"linux"_s);
    QCOMPARE(found.enclosure->edSignature, u"abc"_s);
}

void tst_ForeignNames::signatures_data()
{
    QTest::addColumn<QByteArray>("attributes");
    QTest::addColumn<QString>("edSignature");
    QTest::addColumn<bool>("hasOnlyDsa");
    QTest::newRow("none") << QByteArray() << QString() << false;
    QTest::newRow("Sparkle's") << QByteArray("sparkle:edSignature='ed'") << u"ed"_s << false;
    QTest::newRow("NetSparkle's") << QByteArray("sparkle:signature='net'") << u"net"_s << false;
    QTest::newRow("both") << QByteArray("sparkle:signature='net' sparkle:edSignature='ed'")
                          << u"ed"_s << false;
    QTest::newRow("empty one") << QByteArray("sparkle:signature='net' sparkle:edSignature=' '")
                               << u"net"_s << false;
    QTest::newRow("DSA") << QByteArray("sparkle:dsaSignature='dsa'") << QString() << true;
    QTest::newRow("DSA and Ed25519")
        << QByteArray("sparkle:dsaSignature='dsa' sparkle:edSignature='ed'") << u"ed"_s << false;
}

void tst_ForeignNames::signatures()
{
    QFETCH(QByteArray, attributes);
    const AppcastItem found = itemOf(enclosureWith(attributes));
    QVERIFY(found.enclosure.has_value());
    QTEST(found.enclosure->edSignature, "edSignature");
    QTEST(found.enclosure->hasOnlyDsaSignature(), "hasOnlyDsa");
}

void tst_ForeignNames::dsaInAnElement()
{
    const QByteArray element = "<sparkle:dsaSignature>dsa</sparkle:dsaSignature>";
    QVERIFY(itemOf(enclosure + element).enclosure->hasOnlyDsaSignature());
    QVERIFY(!itemOf(enclosureWith("sparkle:edSignature='ed'") + element)
                 .enclosure->hasOnlyDsaSignature());
}

void tst_ForeignNames::signedNotes()
{
    const AppcastItem found = itemOf(
        enclosure
        + "<sparkle:releaseNotesLink sparkle:edSignature=' c2ln ' sparkle:length='120'>\n"
          "2.0.html</sparkle:releaseNotesLink>");
    QCOMPARE(found.notesUrl, QUrl(u"https://example.org/updates/2.0.html"_s));
    QCOMPARE(found.notesSignature, u"c2ln"_s);
    QCOMPARE(found.notesLength, 120);
    const AppcastItem bare = itemOf(
        enclosure + "<sparkle:releaseNotesLink length='9'>2.0.html</sparkle:releaseNotesLink>");
    QCOMPARE(bare.notesSignature, QString());
    QCOMPARE(bare.notesLength, 0);
}

// Address, signature and length are of one file, whichever language it is in.
void tst_ForeignNames::signedNotesOfTheBestLanguage()
{
    const AppcastItem found = itemOf(
        enclosure
        + "<sparkle:releaseNotesLink xml:lang='es' sparkle:edSignature='ZXM=' sparkle:length='1'>"
          "es.html</sparkle:releaseNotesLink>"
          "<sparkle:releaseNotesLink>en.html</sparkle:releaseNotesLink>");
    QCOMPARE(found.notesUrl.fileName(), u"en.html"_s);
    QCOMPARE(found.notesSignature, QString());
    QCOMPARE(found.notesLength, 0);
}

void tst_ForeignNames::acc017_installerArgumentsAreIgnored()
{
    const Appcast appcast = appcastOf(
        enclosureWith("sparkle:os='windows' sparkle:installerArguments='/run=evil'")
        + "<sparkle:installerArguments>/run=evil</sparkle:installerArguments>");
    QCOMPARE(appcast.items.size(), 1);
    QCOMPARE(appcast.warnings, QStringList());
    const QByteArray known = writeAppcast(appcast);
    QVERIFY2(known.contains("windows") && !known.contains("evil"), known.constData());
}

void tst_ForeignNames::offerWarnings_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("allowsHttp");
    QTest::addColumn<QStringList>("warnings"); // how each begins
    const auto at = [](const QByteArray &address) {
        return QByteArray("<enclosure url='" + address + "' length='9'/>");
    };
    const QStringList http = {u"HTTP_URL: Version 2.0 is not fetched: http://example.org/"_s};
    const QByteArray manifest = "<freshen:manifest url='http://example.org/m'/>";
    const QByteArray delta = "<freshen:delta from='1' url='http://example.org/d'/>";
    QTest::newRow("https") << at("https://example.org/a") << false << QStringList();
    QTest::newRow("acc014_http") << at("http://example.org/a") << false << http;
    QTest::newRow("acc014_http allowed") << at("http://example.org/a") << true << QStringList();
    QTest::newRow("acc014_loopback") << at("http://127.0.0.1:8080/a") << false << QStringList();
    QTest::newRow("acc014_localhost") << at("http://localhost/a") << false << QStringList();
    QTest::newRow("acc014_manifest") << enclosure + manifest << false << http;
    QTest::newRow("acc014_delta") << enclosure + delta << false << http;
    QTest::newRow("one for all") << at("http://example.org/a") + manifest + delta << false << http;
    QTest::newRow("no file") << QByteArray("<link>http://example.org/</link>") << false
                             << QStringList();
    QTest::newRow("DSA") << enclosureWith("sparkle:dsaSignature='x'") << false
                         << QStringList{u"Version 2.0 has only a DSA signature"_s};
}

void tst_ForeignNames::offerWarnings()
{
    QFETCH(QByteArray, content);
    QFETCH(bool, allowsHttp);
    QFETCH(QStringList, warnings);
    const Appcast appcast = appcastOf(content);
    QCOMPARE(appcast.items.size(), 1);
    const QStringList found = Freshen::offerWarnings(appcast.items[0], {allowsHttp, false});
    QCOMPARE(found.size(), warnings.size());
    for (qsizetype i = 0; i < found.size(); ++i)
        QVERIFY2(found[i].startsWith(warnings[i]), qPrintable(found[i]));
}

QTEST_GUILESS_MAIN(tst_ForeignNames)
#include "tst_foreignnames.moc"
