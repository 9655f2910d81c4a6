// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/feed/feedtext.h"

#include "lib/feed/feeddate.h"
#include "lib/feed/feedurl.h"

#include <QTest>

using namespace Freshen;

class tst_ItemReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acc008_itemObjections_data();
    void acc008_itemObjections();
    void acc008_otherItemsAreUsed();
    void acc009_lengths_data();
    void acc009_lengths();
    void acc014_addresses_data();
    void acc014_addresses();
    void acc014_linksOfOtherKindsAreDropped();
    void acc016_warningsAreEscaped();
    void sparkleDefaultsOfAnItem();
    void channels_data();
    void channels();
    void critical_data();
    void critical();
    void severalLanguages();
    void severalEnclosures();
    void versionFromFileName_data();
    void versionFromFileName();
    void publicationDates_data();
    void publicationDates();
};

namespace {

// The first item of a feed whose channel has this content.
AppcastItem firstItem(const QByteArray &channel)
{
    const auto appcast = readAppcast(feed(channel), webBase);
    return appcast && !appcast->items.isEmpty() ? appcast->items.constFirst() : AppcastItem();
}

} // namespace

void tst_ItemReader::acc008_itemObjections_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("objection");
    const QByteArray hash = R"(<enclosure url="https://example.org/a.zip" freshen:sha256=)";
    const QByteArray address = R"(<enclosure url="https://example.org/a.zip" )";
    QTest::newRow("empty") << QByteArray() << u"no file to download and no link"_s;
    QTest::newRow("no version") << enclosure << u"no version"_s;
    const QByteArray endless = QByteArray(100, '1') + QByteArray(101, 'a');
    QTest::newRow("endless version")
        << "<sparkle:version>" + endless + "</sparkle:version>" + enclosure << u"longer than"_s;
    QTest::newRow("endless version of the enclosure")
        << address + "sparkle:version='" + endless + "'/>" << u"longer than"_s;
    QTest::newRow("endless condition")
        << "<sparkle:criticalUpdate sparkle:version='" + endless + "'/>" + version + enclosure
        << u"longer than"_s;
    QTest::newRow("empty version")
        << "<sparkle:version> </sparkle:version>" + enclosure << u"no version"_s;
    QTest::newRow("empty version, telling name")
        << QByteArray(R"(<sparkle:version/><enclosure url="https://example.org/a_2.0.zip"/>)")
        << u"no version"_s;
    QTest::newRow("no enclosure") << version << u"no file to download and no link"_s;
    QTest::newRow("no address") << version + R"(<enclosure length="9"/>)"
                                << u"no file to download and no link"_s;
    QTest::newRow("empty address") << version + R"(<enclosure url=""/>)" << u"never fetched: ''"_s;
    QTest::newRow("empty address with link")
        << version + R"(<link>https://example.org/</link><enclosure url=" "/>)"
        << u"never fetched: ' '"_s;
    QTest::newRow("link that counts for none")
        << version + "<link>file:///etc</link>" << u"no file to download and no link"_s;
    QTest::newRow("delta at the top")
        << version + address + R"(sparkle:deltaFrom="1.0"/>)" << u"is a delta"_s;
    QTest::newRow("unknown installation")
        << version + address + R"(sparkle:installationType="interactive-package"/>)"
        << u"installed as 'interactive-package'"_s;
    QTest::newRow("short hash") << version + hash + R"("2c26"/>)" << u"SHA-256 that is none"_s;
    QTest::newRow("manifest elsewhere")
        << version + enclosure + R"(<freshen:manifest url="ftp://example.org/m"/>)"
        << u"manifest that has an address"_s;
}

void tst_ItemReader::acc008_itemObjections()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, objection);
    const auto appcast = readAppcast(feed(item(content)), webBase);
    QCOMPARE(codeOf(appcast), u"NO_USABLE_ITEM"_s);
    const QString message = toQString(appcast.error().message);
    QVERIFY2(message.contains(objection), qPrintable(message));
}

void tst_ItemReader::acc008_otherItemsAreUsed()
{
    const QByteArray usable = item(version + enclosure);
    const QByteArray badDelta = R"(<freshen:delta from="1.0" url="ftp://example.org/d"/>)"
                                R"(<freshen:delta url="https://example.org/d"/>)"
                                R"(<freshen:delta from="1.5" url="https://example.org/d"/>)";
    const auto appcast = readAppcast(
        feed(item(version) + usable + item(enclosure) + item(version + enclosure + badDelta)),
        webBase);
    QVERIFY2(appcast, appcast ? "" : appcast.error().message.c_str());
    QCOMPARE(appcast->items.size(), 2);
    QCOMPARE(appcast->skippedItems, 2);
    QCOMPARE(appcast->items[1].deltas.size(), 1);
    QCOMPARE(appcast->items[1].deltas[0].from, u"1.5"_s);
    QCOMPARE(appcast->warnings,
             QStringList({u"Item 1 has no file to download and no link; it is skipped"_s,
                          u"Item 3 has no version; it is skipped"_s,
                          u"Item 4 has a delta that has an address that is never fetched: "
                          "'ftp://example.org/d'"_s,
                          u"Item 4 has a delta that names no version"_s}));
}

void tst_ItemReader::acc009_lengths_data()
{
    QTest::addColumn<QByteArray>("attribute");
    QTest::addColumn<qint64>("length");
    QTest::newRow("fine") << QByteArray("length='1'") << qint64(1);
    QTest::newRow("blanks") << QByteArray("length=' 12 '") << qint64(12);
    QTest::newRow("5 GiB") << QByteArray("length='5368709120'") << qint64(5) * 1024 * 1024 * 1024;
    QTest::newRow("missing") << QByteArray() << qint64(0);
    QTest::newRow("empty") << QByteArray("length=''") << qint64(0);
    QTest::newRow("zero") << QByteArray("length='0'") << qint64(0);
    QTest::newRow("negative") << QByteArray("length='-1'") << qint64(0);
    QTest::newRow("2^63") << QByteArray("length='9223372036854775808'") << qint64(0);
    QTest::newRow("words") << QByteArray("length='12 MB'") << qint64(0);
    QTest::newRow("hexadecimal") << QByteArray("length='0x10'") << qint64(0);
}

void tst_ItemReader::acc009_lengths()
{
    QFETCH(QByteArray, attribute);
    QFETCH(qint64, length);
    const QByteArray content = item(version + "<enclosure url='https://example.org/a.zip' "
                                    + attribute + "/>");
    QCOMPARE(firstItem(content).enclosure.value_or(AppcastEnclosure()).length, length);
    const auto strict = readAppcast(feed(stamp + content), webBase);
    QCOMPARE(codeOf(strict), length > 0 ? u"none"_s : u"NO_USABLE_ITEM"_s);
    if (!strict)
        QVERIFY(strict.error().message.find("Version 2.0 does not say") != std::string::npos);
}

void tst_ItemReader::acc014_addresses_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("resolved"); // empty: refused
    const QString web = webBase.toString();
    const QString local = u"file:///srv/feed/appcast.xml"_s;
    const auto add = [](const char *row, const QString &address, const QString &base,
                        const QString &resolved) {
        QTest::newRow(row) << address << base << resolved;
    };
    add("https", u"https://a.example/x.zip"_s, web, u"https://a.example/x.zip"_s);
    add("http", u"http://a.example/x.zip"_s, web, u"http://a.example/x.zip"_s);
    add("upper case", u"HTTPS://a.example/x.zip"_s, web, u"https://a.example/x.zip"_s);
    add("blank", u"https://a.example/x y.zip"_s, web, u"https://a.example/x%20y.zip"_s);
    add("file name", u"x.zip"_s, web, u"https://example.org/updates/x.zip"_s);
    add("folder", u"../notes/./x.txt"_s, web, u"https://example.org/notes/x.txt"_s);
    add("root", u"/x.zip"_s, web, u"https://example.org/x.zip"_s);
    add("other host", u"//cdn.example/x.zip"_s, web, u"https://cdn.example/x.zip"_s);
    add("no host", u"https:///x.zip"_s, web, {});
    add("no feed address", u"x.zip"_s, {}, {});
    for (const char *address :
         {"file:///etc/passwd", "file:x.zip", "data:text/plain,x", "javascript:alert(1)",
          "ftp://example.org/x", "sftp://example.org/x", "smb://example.org/x", "qrc:/x.zip",
          "about:blank", "x-made-up:y", "\\\\server\\share\\x.zip", "https:\\\\a.example\\x.zip",
          "C:\\x.zip", "C:/x.zip", "https://[broken/x.zip", ""})
        add(address, QString::fromUtf8(address), web, {});
    add("local: file name", u"x.zip"_s, local, u"file:///srv/feed/x.zip"_s);
    add("local: below", u"2.0/x.zip"_s, local, u"file:///srv/feed/2.0/x.zip"_s);
    add("local: whole", u"file:///srv/feed/x.zip"_s, local, u"file:///srv/feed/x.zip"_s);
    add("local: to the web", u"https://a.example/x.zip"_s, local, u"https://a.example/x.zip"_s);
    add("local: other computer", u"//server/x.zip"_s, u"file:///appcast.xml"_s, {});
    for (const char *address :
         {"../x.zip", "/etc/passwd", "file:///etc/passwd", "file:///srv/feed/../../etc/passwd",
          "file:///srv/feed/%2e%2e/x.zip", "2.0%2F..%2F..%2Fx.zip", "file:///srv/feedback/x.zip",
          "//server/share/x.zip", "file://server/srv/feed/x.zip", "data:,x", "."})
        add(address, QString::fromUtf8(address), local, {});
}

void tst_ItemReader::acc014_addresses()
{
    QFETCH(QString, address);
    QFETCH(QString, base);
    QFETCH(QString, resolved);
    QCOMPARE(resolvedFeedUrl(address, QUrl(base)).toString(QUrl::FullyEncoded), resolved);
    const QByteArray xml = feed(
        item(version + "<enclosure url='" + address.toHtmlEscaped().toUtf8() + "'/>"));
    const auto appcast = readAppcast(xml, QUrl(base));
    QCOMPARE(codeOf(appcast), resolved.isEmpty() ? u"NO_USABLE_ITEM"_s : u"none"_s);
    if (appcast)
        QCOMPARE(appcast->items[0].enclosure->url.toString(QUrl::FullyEncoded), resolved);
}

void tst_ItemReader::acc014_linksOfOtherKindsAreDropped()
{
    const AppcastItem dropped = firstItem(
        item(version + enclosure
             + "<link>javascript:alert(1)</link>"
               "<sparkle:releaseNotesLink>file:///etc/passwd</sparkle:releaseNotesLink>"
               "<sparkle:fullReleaseNotesLink>data:text/html,x</sparkle:fullReleaseNotesLink>"));
    QCOMPARE(dropped.version, u"2.0"_s);
    QVERIFY(dropped.link.isEmpty() && dropped.notesUrl.isEmpty() && dropped.fullNotesUrl.isEmpty());
    const AppcastItem kept = firstItem(
        item(version + enclosure
             + "<link>/info.html</link>"
               "<sparkle:releaseNotesLink>\n notes/2.0.html \n</sparkle:releaseNotesLink>"
               "<sparkle:fullReleaseNotesLink>http://a.example/</sparkle:fullReleaseNotesLink>"));
    QCOMPARE(kept.link, QUrl(u"https://example.org/info.html"_s));
    QCOMPARE(kept.notesUrl, QUrl(u"https://example.org/updates/notes/2.0.html"_s));
    QCOMPARE(kept.fullNotesUrl, QUrl(u"http://a.example/"_s));
}

void tst_ItemReader::acc016_warningsAreEscaped()
{
    const QByteArray treacherous = "data:\xe2\x80\xae" + QByteArray(1 << 20, 'x');
    const auto appcast = readAppcast(
        feed(item(version + "<enclosure url='" + treacherous + "'/>") + item(version + enclosure)),
        webBase);
    QVERIFY2(appcast, appcast ? "" : appcast.error().message.c_str());
    QCOMPARE(appcast->warnings.size(), 1);
    QVERIFY(appcast->warnings[0].contains(u"\\xe2\\x80\\xae"_s));
    QVERIFY(appcast->warnings[0].size() < 1000);
}

void tst_ItemReader::sparkleDefaultsOfAnItem()
{
    // The attribute goes before the element.
    const AppcastItem found = firstItem(
        item(version + "<sparkle:shortVersionString>two</sparkle:shortVersionString>"
             + R"(<enclosure url="https://example.org/a.zip" sparkle:version=" 2.1 " )"
               R"(sparkle:shortVersionString="2.1 final" sparkle:installationType="package"/>)"
               "<description>plain</description><pubDate>yesterday</pubDate>"));
    QCOMPARE(found.version, u"2.1"_s);
    QCOMPARE(found.shortVersion, u"2.1 final"_s);
    QCOMPARE(found.notesFormat, Release::NotesFormat::Html);
    QCOMPARE(found.published, u"yesterday"_s);
    QVERIFY(!found.publishedTime.isValid());
    QVERIFY(!found.isCritical);
    QVERIFY(!found.manifest);

    const AppcastItem linked = firstItem(item(version + "<link>https://example.org/</link>"));
    QCOMPARE(linked.version, u"2.0"_s);
    QVERIFY(!linked.enclosure);
}

void tst_ItemReader::channels_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("channel");
    QTest::newRow("beta") << u" beta "_s << u"beta"_s;
    QTest::newRow("all characters") << u"a-Z_0.9"_s << u"a-Z_0.9"_s;
    QTest::newRow("empty") << QString() << QString();
    QTest::newRow("two words") << u"two words"_s << QString();
    QTest::newRow("slash") << u"../beta"_s << QString();
    QTest::newRow("umlaut") << u"bäta"_s << QString();
}

void tst_ItemReader::channels()
{
    QFETCH(QString, text);
    const QByteArray element = "<sparkle:channel>" + text.toUtf8() + "</sparkle:channel>";
    QTEST(firstItem(item(version + enclosure + element)).channel, "channel");
}

void tst_ItemReader::critical_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("isCritical");
    QTest::addColumn<QString>("below");
    const QByteArray element = "<sparkle:criticalUpdate/>";
    const QByteArray below = R"(<sparkle:criticalUpdate sparkle:version="1.5"/>)";
    const QByteArray tags = "<sparkle:tags><sparkle:criticalUpdate/></sparkle:tags>";
    const auto attribute = [](const QByteArray &value) {
        return R"(<enclosure url="https://example.org/a.zip" sparkle:criticalUpdate=")" + value
            + R"("/>)";
    };
    QTest::newRow("not") << enclosure << false << QString();
    QTest::newRow("always") << enclosure + element << true << QString();
    QTest::newRow("below") << enclosure + below << true << u"1.5"_s;
    QTest::newRow("tags") << enclosure + tags << true << QString();
    QTest::newRow("tags, below") << enclosure + tags + below << true << u"1.5"_s;
    QTest::newRow("other tags") << enclosure + "<sparkle:tags><a/></sparkle:tags>" << false
                                << QString();
    QTest::newRow("attribute") << attribute("yes") << true << QString();
    QTest::newRow("attribute no") << attribute("false") << false << QString();
}

void tst_ItemReader::critical()
{
    QFETCH(QByteArray, content);
    const AppcastItem found = firstItem(item(version + content));
    QCOMPARE(found.version, u"2.0"_s);
    QTEST(found.isCritical, "isCritical");
    QTEST(found.criticalBelow, "below");
}

void tst_ItemReader::severalLanguages()
{
    const QByteArray spanish = R"(<title xml:lang="es">Notas</title>)";
    const QByteArray german = R"(<title xml:lang="de">Notizen</title>)";
    const QByteArray english = R"(<title xml:lang="en-GB">Notes</title>)";
    const QByteArray none = "<title>Notes?</title>";
    const auto title = [](const QByteArray &titles) {
        return firstItem(item(version + enclosure + titles)).title;
    };
    QCOMPARE(title(spanish + german), u"Notas"_s);
    QCOMPARE(title(spanish + english + german), u"Notes"_s);
    QCOMPARE(title(english + none + spanish), u"Notes"_s);
    QCOMPARE(title(spanish + none + english), u"Notes?"_s);
}

// The one in the best language is Sparkle's choice; those that cannot be used are dropped.
void tst_ItemReader::severalEnclosures()
{
    const QByteArray other = R"(<enclosure url="https://example.org/b.zip" sparkle:os="linux"/>)";
    const QByteArray bad = R"(<enclosure url="ftp://example.org/c.zip"/>)";
    const auto appcast = readAppcast(feed(item(bad + version + enclosure + other)), webBase);
    QVERIFY2(appcast, appcast ? "" : appcast.error().message.c_str());
    const AppcastItem &first = appcast->items[0];
    QCOMPARE(first.enclosure->url.fileName(), u"a.zip"_s);
    QCOMPARE(first.enclosures.size(), 2);
    QCOMPARE(first.enclosures[1].url.fileName(), u"b.zip"_s);
    QCOMPARE(first.enclosures[1].version, u"2.0"_s);
    QCOMPARE(appcast->warnings,
             {u"Item 1 has an address that is never fetched: 'ftp://example.org/c.zip'"_s});
}

void tst_ItemReader::versionFromFileName_data()
{
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<QString>("version");
    QTest::newRow("name") << QByteArray("https://example.org/my_app_1.2.zip") << u"1.2"_s;
    QTest::newRow("build") << QByteArray("https://example.org/app_20260101.dmg") << u"20260101"_s;
    QTest::newRow("only the name counts")
        << QByteArray("https://example.org/v_1/app.zip") << QString();
    QTest::newRow("query") << QByteArray("https://example.org/app.zip?a_1.2") << QString();
    QTest::newRow("nothing behind") << QByteArray("https://example.org/app_.zip") << QString();
    QTest::newRow("a blank") << QByteArray("https://example.org/app_1.2%20.zip") << u"1.2"_s;
    QTest::newRow("no text") << QByteArray("https://example.org/app_1.2%02.zip") << QString();
}

void tst_ItemReader::versionFromFileName()
{
    QFETCH(QByteArray, address);
    QTEST(firstItem(item("<enclosure url='" + address + "'/>")).version, "version");
}

void tst_ItemReader::publicationDates_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("utc");
    const auto add = [](const QString &text, const QString &utc) {
        QTest::addRow("%s", qPrintable(text.simplified())) << text << utc;
    };
    const QString noon = u"2014-07-26T12:00:00Z"_s;
    add(u"Sat, 26 Jul 2014 12:00:00 +0000"_s, noon);
    add(u"\n Sat, 26 Jul 2014 14:00:00 +0200 "_s, noon);
    add(u"26 Jul 2014 08:30 -0330"_s, noon);
    add(u"Sat, 26 Jul 2014 12:00:00 GMT"_s, noon);
    add(u"Sat, 26 Jul 2014 08:00:00 EDT"_s, noon);
    add(u"Sat, 26 Jul 2014 04:00:00 pst"_s, noon);
    add(u"sat, 26 jul 14 12:00:00 Z"_s, noon);
    add(u"Sab, 26 Jul 2014 12:00:00 +0000 (UTC)"_s, noon);
    add(u"Fri, 1 Aug 99 00:00:00 UT"_s, u"1999-08-01T00:00:00Z"_s);
    add(u"Sat, 31 Jun 2014 12:00:00 +0000"_s, {});
    add(u"Sat, 26 Jul 2014 25:00:00 +0000"_s, {});
    add(u"sab, 26 lug 2014 12:00:00 +0000"_s, {});
    add(u"Sat, 26 Jul 2014 12:00:00"_s, {});
    add(u"Sat, 26 Jul 2014 12:00:00 XYZ"_s, {});
    add(u"Sat, 26 Jul 2014 12:00:00 +00:00"_s, {});
    add(u"2014-07-26T12:00:00Z"_s, {});
    add(QString(), {});
}

void tst_ItemReader::publicationDates()
{
    QFETCH(QString, text);
    QTEST(parsePublicationDate(text).toString(Qt::ISODate), "utc");
}

QTEST_GUILESS_MAIN(tst_ItemReader)
#include "tst_itemreader.moc"
