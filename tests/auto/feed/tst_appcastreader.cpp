// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/feed/feedtext.h"

#include <QFile>
#include <QTest>

using namespace Freshen;

class tst_AppcastReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goodFeed();
    void refused_data();
    void refused();
    void acc003_truncatedAtEveryByte();
    void acc004_billionLaughsCostNoMemory();
    void acc005_byteOrderMark();
    void acc006_tooLarge_data();
    void acc006_tooLarge();
    void acc007_unknownElementsAndForeignOrder();
    void stamps_data();
    void stamps();
    void sparklePrefix_data();
    void sparklePrefix();
    void emptyChannel();
};

namespace {

QByteArray fileContent(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("missing ") + path.toUtf8();
}

QByteArray testFeed(const QString &name)
{
    return fileContent(QStringLiteral(FRESHEN_TEST_DATA "/feeds/") + name);
}

} // namespace

void tst_AppcastReader::goodFeed()
{
    const auto appcast = readAppcast(testFeed(u"good.xml"_s), webBase);
    QVERIFY2(appcast, appcast ? "" : appcast.error().message.c_str());
    QCOMPARE(appcast->title, u"Notes"_s);
    QCOMPARE(appcast->warnings, QStringList());
    QVERIFY(appcast->stamp.has_value());
    QCOMPARE(appcast->stamp->product, u"org.example.notes"_s);
    QCOMPARE(appcast->stamp->version, 42u);
    QCOMPARE(appcast->stamp->issued, QDateTime({2026, 11, 22}, {10, 0}, Qt::UTC));
    QCOMPARE(appcast->stamp->expires, QDateTime({2026, 12, 22}, {10, 0}, Qt::UTC));
    QCOMPARE(appcast->items.size(), 2);

    const AppcastItem &first = appcast->items[0];
    QCOMPARE(first.title, u"Notes 2.0"_s);
    QCOMPARE(first.version, u"2.0.0"_s);
    QCOMPARE(first.shortVersion, u"2.0"_s);
    QCOMPARE(first.channel, u"beta"_s);
    QCOMPARE(first.published, u"Sun, 22 Nov 2026 11:00:00 +0100"_s);
    QCOMPARE(first.publishedTime, QDateTime({2026, 11, 22}, {10, 0}, Qt::UTC));
    QCOMPARE(first.minimumSystemVersion, u"12.0"_s);
    QCOMPARE(first.maximumSystemVersion, u"15.9"_s);
    QVERIFY(first.isCritical);
    QCOMPARE(first.criticalBelow, u"1.5"_s);
    QCOMPARE(first.notes, u" * <b>new</b> & better "_s);
    QCOMPARE(first.notesFormat, Release::NotesFormat::Markdown);
    QCOMPARE(first.notesUrl, QUrl(u"https://example.org/2.0.html"_s));
    QCOMPARE(first.fullNotesUrl, QUrl(u"https://example.org/all.html"_s));
    QCOMPARE(first.link, QUrl(u"https://example.org/notes"_s));

    QVERIFY(first.enclosure.has_value());
    QCOMPARE(first.enclosure->url.fileName(), u"notes-2.0.0-linux-x86_64.tar.zst"_s);
    QCOMPARE(first.enclosure->length, 1048576);
    QCOMPARE(first.enclosure->os, u"linux-x64"_s);
    QCOMPARE(first.enclosure->arch, u"x86_64"_s);
    QCOMPARE(first.enclosure->type, u"application/octet-stream"_s);
    QCOMPARE(first.enclosure->edSignature, u"c2lnbmF0dXJl"_s);
    QVERIFY(first.enclosure->sha256.startsWith(u"2c26b46b"_s));
    QVERIFY(first.manifest.has_value());
    QCOMPARE(first.manifest->length, 321);
    QVERIFY(first.manifest->sha256.startsWith(u"fcde2b2e"_s));
    QCOMPARE(first.deltas.size(), 2);
    QCOMPARE(first.deltas[0].from, u"1.9.0"_s);
    QCOMPARE(first.deltas[0].length, 7804);
    QVERIFY(first.deltas[0].sha256.startsWith(u"baa5a096"_s));
    QCOMPARE(first.deltas[1].from, u"1.8.0"_s);
    QCOMPARE(first.mirrors, QList<QUrl>{QUrl(u"https://mirror.example.org/"_s)});
    QCOMPARE(appcast->items[1].version, u"1.9.0"_s);
}

void tst_AppcastReader::refused_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("words");
    const auto add = [](const char *row, const QString &file, const QString &code,
                        const QString &words) {
        QTest::addRow("%s_%s", row, qPrintable(file)) << file << code << words;
    };
    add("acc001", u"empty.xml"_s, u"FEED_PARSE"_s, u"not an update feed"_s);
    add("acc001", u"whitespace.xml"_s, u"FEED_PARSE"_s, u"not an update feed"_s);
    for (const QString &page : {u"login-page.html"_s, u"login-page-lower-case.html"_s,
                                u"login-page-xhtml.html"_s, u"login-page-without-doctype.html"_s})
        add("acc002", page, u"FEED_PARSE"_s, u"not an update feed but a web page"_s);
    for (const QString &other : {u"plain-text.txt"_s, u"json.json"_s, u"atom.xml"_s,
                                 u"rss-without-channel.xml"_s, u"channel-below-another-root.xml"_s})
        add("acc002", other, u"FEED_PARSE"_s, u"not an update feed"_s);
    for (const QString &document :
         {u"document-type.xml"_s, u"internal-entity.xml"_s, u"external-entity.xml"_s,
          u"external-parameter-entity.xml"_s, u"broken-document-type.xml"_s,
          u"document-type-and-html-notes.xml"_s, u"billion-laughs.xml"_s})
        add("acc004", document, u"FEED_FORBIDDEN_XML"_s, u"document type"_s);
    for (const QString &entity :
         {u"undeclared-entity.xml"_s, u"undeclared-entity-in-attribute.xml"_s})
        add("acc004", entity, u"FEED_FORBIDDEN_XML"_s, u"the entity 'nbsp'"_s);
    for (const QString &encoding :
         {u"utf-16-with-bom.xml"_s, u"utf-16-without-bom.xml"_s, u"latin-1.xml"_s,
          u"latin-1-label-on-ascii.xml"_s, u"unknown-encoding.xml"_s, u"invalid-utf-8.xml"_s,
          u"overlong-utf-8.xml"_s, u"nul-byte.xml"_s})
        add("acc005", encoding, u"FEED_FORBIDDEN_XML"_s, u"not in UTF-8"_s);
    for (const QString &damaged : {u"second-root.xml"_s, u"text-after-root.xml"_s,
                                   u"attribute-twice.xml"_s, u"namespaced-attribute-twice.xml"_s})
        add("damaged", damaged, u"FEED_PARSE"_s, u"damaged: line"_s);
    add("freshness", u"two-stamps.xml"_s, u"FEED_PARSE"_s, u"two <freshen:feed> elements"_s);
}

void tst_AppcastReader::refused()
{
    QFETCH(QString, file);
    QFETCH(QString, code);
    QFETCH(QString, words);
    const auto appcast = readAppcast(testFeed(file), webBase);
    QCOMPARE(codeOf(appcast), code);
    const QString message = toQString(appcast.error().message);
    QVERIFY2(message.contains(words), qPrintable(message));
    QVERIFY2(message.startsWith(u"The feed https://example.org/updates/appcast.xml "_s),
             qPrintable(message));
}

void tst_AppcastReader::acc003_truncatedAtEveryByte()
{
    const QByteArray whole = testFeed(u"good.xml"_s);
    const qsizetype endOfFeed = whole.indexOf("</rss>") + 6;
    int refusals = 0;
    for (qsizetype size = 0; size < whole.size(); ++size) {
        const auto appcast = readAppcast(whole.left(size), webBase);
        if (size < endOfFeed)
            QVERIFY2(!appcast, qPrintable(u"accepted %1 bytes"_s.arg(size)));
        // Behind the root only the trailer can be cut; what is read is all or nothing.
        if (appcast)
            QCOMPARE(appcast->items.size(), 2);
        else
            QCOMPARE(codeOf(appcast), u"FEED_PARSE"_s);
        refusals += !appcast;
    }
    qInfo("%d of %lld truncations refused", refusals, qlonglong(whole.size()));
    QVERIFY(refusals > endOfFeed);
}

void tst_AppcastReader::acc004_billionLaughsCostNoMemory()
{
    const auto peakKilobytes = [] {
        const QByteArray status = fileContent(u"/proc/self/status"_s);
        const qsizetype begin = status.indexOf("VmHWM:") + 6;
        return status.mid(begin, status.indexOf("kB", begin) - begin).trimmed().toLongLong();
    };
    const qint64 before = peakKilobytes();
    QCOMPARE(codeOf(readAppcast(testFeed(u"billion-laughs.xml"_s), webBase)),
             u"FEED_FORBIDDEN_XML"_s);
    if (before == 0)
        QSKIP("This system does not tell how much memory was used");
    QVERIFY(peakKilobytes() - before < 50 * 1024);
}

void tst_AppcastReader::acc005_byteOrderMark()
{
    const auto appcast = readAppcast(testFeed(u"utf-8-bom.xml"_s), webBase);
    QVERIFY2(appcast, appcast ? "" : appcast.error().message.c_str());
    QCOMPARE(appcast->title, u"Größe"_s);
    QCOMPARE(appcast->items.size(), 1);
}

void tst_AppcastReader::acc006_tooLarge_data()
{
    QTest::addColumn<QByteArray>("xml");
    QTest::addColumn<QString>("code");
    const QByteArray one = item(version + enclosure);
    QTest::newRow("10000 items") << feed(one.repeated(10'000)) << u"none"_s;
    QTest::newRow("10001 items") << feed(one.repeated(10'001)) << u"FEED_TOO_LARGE"_s;
    QTest::newRow("10001 bad items") << feed(item({}).repeated(10'001)) << u"FEED_TOO_LARGE"_s;
    const auto nested = [](int depth) {
        return feed(QByteArray("<a>").repeated(depth - 2) + QByteArray("</a>").repeated(depth - 2));
    };
    QTest::newRow("depth 16") << nested(16) << u"none"_s;
    QTest::newRow("depth 17") << nested(17) << u"FEED_TOO_LARGE"_s;
    QTest::newRow("depth 1000") << nested(1000) << u"FEED_TOO_LARGE"_s;
    QTest::newRow("endless depth")
        << "<rss><channel>" + QByteArray("<a>").repeated(1'000'000) << u"FEED_TOO_LARGE"_s;
    const QByteArray frame = feed("<title></title>");
    const auto sized = [&frame](qsizetype size) {
        return feed("<title>" + QByteArray(size - frame.size(), 'x') + "</title>");
    };
    QTest::newRow("5 MiB") << sized(5 << 20) << u"none"_s;
    QTest::newRow("5 MiB and a byte") << sized((5 << 20) + 1) << u"FEED_TOO_LARGE"_s;
    QTest::newRow("6 MiB of nonsense") << QByteArray(6 << 20, '<') << u"FEED_TOO_LARGE"_s;
}

void tst_AppcastReader::acc006_tooLarge()
{
    QFETCH(QByteArray, xml);
    QTEST(codeOf(readAppcast(xml, webBase)), "code");
}

void tst_AppcastReader::acc007_unknownElementsAndForeignOrder()
{
    const QByteArray xml = feed(
        "<image><title>not the title</title><item>" + version + "</item></image>"
        + item(R"(<n:enclosure xmlns:n="urn:other" url="file:///etc/passwd"/>)" + enclosure
               + "<sparkle:never>1</sparkle:never><freshen:later a='b'><c/></freshen:later>"
                 "<sparkle:informationalUpdate><sparkle:version>0.1</sparkle:version>"
                 "</sparkle:informationalUpdate>"
               + version
               + R"(<sparkle:deltas><enclosure url="https://example.org/x.delta" )"
                 R"(sparkle:version="9" sparkle:deltaFrom="1"/></sparkle:deltas>)")
        + "<title>Notes</title>" + stamp);
    const auto appcast = readAppcast(xml, webBase);
    QVERIFY2(appcast, appcast ? "" : appcast.error().message.c_str());
    QCOMPARE(appcast->title, u"Notes"_s);
    QVERIFY(appcast->stamp.has_value());
    QCOMPARE(appcast->warnings, QStringList());
    QCOMPARE(appcast->items.size(), 1);
    QCOMPARE(appcast->items[0].version, u"2.0"_s);
    QCOMPARE(appcast->items[0].enclosure->url, QUrl(u"https://example.org/a.zip"_s));
}

void tst_AppcastReader::stamps_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<bool>("isGood");
    const auto add = [](const char *from, const char *to, bool isGood = false) {
        QTest::addRow("%s", *to ? to : from) << QByteArray(from) << QByteArray(to) << isGood;
    };
    add("version=\"42\"", "version=\"0\"", true);
    add("version=\"42\"", "version=\"18446744073709551615\"", true);
    add("version=\"42\"", "version=\"18446744073709551616\"");
    add("version=\"42\"", "version=\"-1\"");
    add("version=\"42\"", "version=\"4x\"");
    add("version=\"42\"", "version=\"+42\"");
    add("version=\"42\"", "version=\" 42\"");
    add("version=\"42\"", "");
    add("product=\"org.example.notes\"", "product=\"\"");
    add("product=\"org.example.notes\"", "");
    add("issued=\"2026-11-22T10:00:00Z\"", "");
    add("expires=\"2026-12-22T10:00:00Z\"", "");
    add("expires=\"2026-12-22T10:00:00Z\"", "expires=\"2026-12-22T10:00:00+02:00\"");
    add("expires=\"2026-12-22T10:00:00Z\"", "expires=\"2026-13-22T10:00:00Z\"");
    add("expires=\"2026-12-22T10:00:00Z\"", "expires=\"2026-12-22\"");
}

void tst_AppcastReader::stamps()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(bool, isGood);
    QByteArray changed = stamp;
    changed.replace(from, to);
    QVERIFY(changed != stamp);
    const auto appcast = readAppcast(feed(changed + item(version + enclosure)), webBase);
    QCOMPARE(codeOf(appcast), isGood ? u"none"_s : u"FEED_PARSE"_s);
    if (!isGood)
        QVERIFY(appcast.error().message.find("<freshen:feed>") != std::string::npos);
}

void tst_AppcastReader::sparklePrefix_data()
{
    QTest::addColumn<QByteArray>("xml");
    QTest::addColumn<QString>("code");
    const QByteArray good = feed(item("<title>T</title>" + version + enclosure));
    const QByteArray address = "http://www.andymatuschak.org/xml-namespaces/sparkle";
    const auto replaced = [&good](const QByteArray &from, const QByteArray &to) {
        return QByteArray(good).replace(from, to);
    };
    QTest::newRow("as usual") << good << u"none"_s;
    QTest::newRow("other prefix")
        << replaced("sparkle:version", "s:version").replace("xmlns:sparkle", "xmlns:s")
        << u"none"_s;
    QTest::newRow("other address") << replaced(address, "https://example.org/sparkle") << u"none"_s;
    QTest::newRow("no address") << replaced("xmlns:sparkle=\"" + address + "\"", "") << u"none"_s;
    QTest::newRow("other prefix, other address")
        << replaced("sparkle:version", "s:version")
               .replace("xmlns:sparkle", "xmlns:s")
               .replace(address, "https://example.org/sparkle")
        << u"NO_USABLE_ITEM"_s;
    QTest::newRow("other prefix, no address")
        << replaced("sparkle:version", "s:version") << u"FEED_PARSE"_s;
    QTest::newRow("default address of RSS")
        << replaced("version=\"2.0\"", "version=\"2.0\" xmlns=\"urn:rss\"") << u"none"_s;
}

void tst_AppcastReader::sparklePrefix()
{
    QFETCH(QByteArray, xml);
    QFETCH(QString, code);
    const auto appcast = readAppcast(xml, webBase);
    QCOMPARE(codeOf(appcast), code);
    if (appcast)
        QCOMPARE(appcast->items[0].version, u"2.0"_s);
}

void tst_AppcastReader::emptyChannel()
{
    const auto appcast = readAppcast(feed(stamp), webBase);
    QVERIFY(appcast);
    QVERIFY(appcast->items.isEmpty());
    QCOMPARE(appcast->skippedItems, 0);
}

QTEST_GUILESS_MAIN(tst_AppcastReader)
#include "tst_appcastreader.moc"
