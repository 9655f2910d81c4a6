// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/resultcheck.h"

#include "lib/feed/appcastreader.h"
#include "lib/feed/appcastwriter.h"

#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

const QString hash = u"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"_s;

Appcast fullAppcast()
{
    AppcastItem item;
    item.version = u"2.0.0"_s;
    item.shortVersion = u"2.0 \"Ω\""_s;
    item.title = u"Version <2.0> & more"_s;
    item.channel = u"beta"_s;
    item.publishedTime = QDateTime(QDate(2026, 11, 2), QTime(9, 5, 7), Qt::UTC);
    item.notes = u"<b>New</b> ]]> & old\n"_s;
    item.notesFormat = Release::NotesFormat::Markdown;
    item.fullNotesUrl = QUrl(u"https://example.org/all.html"_s);
    item.link = QUrl(u"https://example.org/?a=1&b=2"_s);
    item.minimumSystemVersion = u"12.0"_s;
    item.maximumSystemVersion = u"15.0"_s;
    item.isCritical = true;
    item.criticalBelow = u"1.5"_s;
    AppcastEnclosure enclosure;
    enclosure.url = QUrl(u"https://example.org/a%20b.tar.zst"_s);
    enclosure.length = 5'000'000'000;
    enclosure.sha256 = hash;
    enclosure.edSignature = u"c2lnbmF0dXJl"_s;
    enclosure.os = u"linux-x64"_s;
    enclosure.arch = u"x86_64"_s;
    enclosure.type = u"application/zstd"_s;
    item.enclosure = enclosure;
    item.manifest = AppcastFile{QUrl(u"https://example.org/a.manifest"_s), 123, hash};
    AppcastDelta delta;
    delta.url = QUrl(u"https://example.org/a.delta"_s);
    delta.length = 45;
    delta.sha256 = hash;
    delta.from = u"1.9.0"_s;
    item.deltas = {delta};
    item.mirrors = {QUrl(u"https://m.example.org/a?b=1&c=2"_s), QUrl(u"https://n.example.org/"_s)};

    Appcast appcast;
    appcast.title = u"Notes"_s;
    appcast.stamp = FeedStamp{u"org.example.notes"_s, 42,
                              QDateTime(QDate(2026, 11, 22), QTime(10, 0), Qt::UTC),
                              QDateTime(QDate(2026, 12, 22), QTime(10, 0), Qt::UTC)};
    appcast.items = {item};
    return appcast;
}

} // namespace

class TestAppcastWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsBackWhatWasWritten();
    void hasOneForm();
    void leavesOutWhatIsEmpty();
    void writesMajorAndPhased();
};

void TestAppcastWriter::readsBackWhatWasWritten()
{
    Appcast written = fullAppcast();
    AppcastItem &item = written.items[0];
    item.notesUrl = QUrl(u"https://example.org/?x=1&y=2"_s);
    item.notesSignature = u"bm90ZXM="_s;
    item.notesLength = 77;
    item.minimumUpdateVersion = u"0.5"_s;
    item.ignoreSkippedUpgradesBelow = u"1.5"_s;
    item.needsArm64 = true;
    item.isInformational = true;
    item.informationalVersions = {u"0.6"_s, u"0.7"_s};
    item.informationalBelow = u"0.2"_s;
    item.mustUnderstand = {u"rollout"_s, u"deadline"_s};
    item.rollout = AppcastRollout{0.125, u"two & more"_s, written.stamp->issued,
                                  written.stamp->expires};
    item.deadline = written.stamp->expires.addSecs(1);
    written.withdrawnVersions = {u"1.9.1"_s, u"1.9.0"_s};
    const auto read = readAppcast(writeAppcast(written),
                                  QUrl(u"https://example.org/appcast.xml"_s));
    VERIFY_RESULT(read);
    QVERIFY2(read->warnings.isEmpty(), qPrintable(read->warnings.join(u' ')));
    QCOMPARE(read->title, written.title);
    QCOMPARE(read->stamp->product, written.stamp->product);
    QCOMPARE(read->stamp->version, written.stamp->version);
    QCOMPARE(read->stamp->issued, written.stamp->issued);
    QCOMPARE(read->stamp->expires, written.stamp->expires);
    QCOMPARE(read->items.size(), 1);
    const AppcastItem &one = written.items[0];
    const AppcastItem &other = read->items[0];
    QCOMPARE(other.version, one.version);
    QCOMPARE(other.shortVersion, one.shortVersion);
    QCOMPARE(other.title, one.title);
    QCOMPARE(other.channel, one.channel);
    QCOMPARE(other.publishedTime, one.publishedTime);
    QCOMPARE(other.notes, one.notes);
    QCOMPARE(other.notesFormat, one.notesFormat);
    QCOMPARE(other.notesUrl, one.notesUrl);
    QCOMPARE(other.notesSignature, one.notesSignature);
    QCOMPARE(other.notesLength, one.notesLength);
    QCOMPARE(other.fullNotesUrl, one.fullNotesUrl);
    QCOMPARE(other.link, one.link);
    QCOMPARE(other.minimumSystemVersion, one.minimumSystemVersion);
    QCOMPARE(other.maximumSystemVersion, one.maximumSystemVersion);
    QCOMPARE(other.minimumUpdateVersion, one.minimumUpdateVersion);
    QCOMPARE(other.ignoreSkippedUpgradesBelow, one.ignoreSkippedUpgradesBelow);
    QCOMPARE(other.needsArm64, one.needsArm64);
    QCOMPARE(other.isInformational, one.isInformational);
    QCOMPARE(other.informationalVersions, one.informationalVersions);
    QCOMPARE(other.informationalBelow, one.informationalBelow);
    QCOMPARE(other.mustUnderstand, one.mustUnderstand);
    QCOMPARE(other.rollout->percent, one.rollout->percent);
    QCOMPARE(other.rollout->salt, one.rollout->salt);
    QCOMPARE(other.rollout->from, one.rollout->from);
    QCOMPARE(other.rollout->until, one.rollout->until);
    QCOMPARE(other.deadline, one.deadline);
    QCOMPARE(read->withdrawnVersions, written.withdrawnVersions);
    QCOMPARE(other.isCritical, one.isCritical);
    QCOMPARE(other.criticalBelow, one.criticalBelow);
    QCOMPARE(other.enclosure->url, one.enclosure->url);
    QCOMPARE(other.enclosure->length, one.enclosure->length);
    QCOMPARE(other.enclosure->sha256, one.enclosure->sha256);
    QCOMPARE(other.enclosure->edSignature, one.enclosure->edSignature);
    QCOMPARE(other.enclosure->os, one.enclosure->os);
    QCOMPARE(other.enclosure->arch, one.enclosure->arch);
    QCOMPARE(other.enclosure->type, one.enclosure->type);
    QCOMPARE(other.manifest->url, one.manifest->url);
    QCOMPARE(other.manifest->length, one.manifest->length);
    QCOMPARE(other.manifest->sha256, one.manifest->sha256);
    QCOMPARE(other.deltas.size(), 1);
    QCOMPARE(other.deltas[0].from, one.deltas[0].from);
    QCOMPARE(other.deltas[0].url, one.deltas[0].url);
    QCOMPARE(other.mirrors, one.mirrors);
}

// acc105: Sparkle and WinSparkle find some of these names by the literal prefix.
void TestAppcastWriter::hasOneForm()
{
    const QByteArray expected =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<rss xmlns:sparkle=\"http://www.andymatuschak.org/xml-namespaces/sparkle\" "
        "xmlns:freshen=\"urn:freshen:appcast:1\" version=\"2.0\">\n"
        "  <channel>\n"
        "    <freshen:feed product=\"org.example.notes\" version=\"42\" "
        "issued=\"2026-11-22T10:00:00Z\" expires=\"2026-12-22T10:00:00Z\"/>\n"
        "    <title>Notes</title>\n"
        "    <item>\n"
        "      <title>Version &lt;2.0&gt; &amp; more</title>\n"
        "      <pubDate>Mon, 02 Nov 2026 09:05:07 +0000</pubDate>\n"
        "      <sparkle:version>2.0.0</sparkle:version>\n"
        "      <sparkle:shortVersionString>2.0 &quot;Ω&quot;</sparkle:shortVersionString>\n"
        "      <sparkle:channel>beta</sparkle:channel>\n"
        "      <link>https://example.org/?a=1&amp;b=2</link>\n"
        "      <description sparkle:format=\"markdown\">"
        "<![CDATA[<b>New</b> ]]]]><![CDATA[> & old\n]]></description>\n"
        "      <sparkle:fullReleaseNotesLink>https://example.org/all.html"
        "</sparkle:fullReleaseNotesLink>\n"
        "      <sparkle:minimumSystemVersion>12.0</sparkle:minimumSystemVersion>\n"
        "      <sparkle:maximumSystemVersion>15.0</sparkle:maximumSystemVersion>\n"
        "      <sparkle:criticalUpdate sparkle:version=\"1.5\"/>\n"
        "      <enclosure url=\"https://example.org/a%20b.tar.zst\" length=\"5000000000\" "
        "type=\"application/zstd\" sparkle:edSignature=\"c2lnbmF0dXJl\" sparkle:os=\"linux-x64\" "
        "freshen:sha256=\"HASH\" freshen:arch=\"x86_64\"/>\n"
        "      <freshen:manifest url=\"https://example.org/a.manifest\" length=\"123\" "
        "sha256=\"HASH\"/>\n"
        "      <freshen:delta from=\"1.9.0\" url=\"https://example.org/a.delta\" length=\"45\" "
        "sha256=\"HASH\"/>\n"
        "      <freshen:mirror url=\"https://m.example.org/a?b=1&amp;c=2\"/>\n"
        "      <freshen:mirror url=\"https://n.example.org/\"/>\n"
        "    </item>\n"
        "  </channel>\n"
        "</rss>\n";
    QCOMPARE(writeAppcast(fullAppcast()), QByteArray(expected).replace("HASH", hash.toUtf8()));
}

void TestAppcastWriter::leavesOutWhatIsEmpty()
{
    Appcast appcast;
    appcast.items.resize(1);
    appcast.items[0].version = u"1"_s;
    QCOMPARE(writeAppcast(appcast).split('\n').mid(2).join('\n'),
             "  <channel>\n"
             "    <title></title>\n"
             "    <item>\n"
             "      <sparkle:version>1</sparkle:version>\n"
             "    </item>\n"
             "  </channel>\n"
             "</rss>\n");
}

void TestAppcastWriter::writesMajorAndPhased()
{
    Appcast appcast = fullAppcast();
    appcast.items[0].minimumAutoupdateVersion = u"1.8"_s;
    appcast.items[0].phasedRolloutInterval = 86400;
    const QByteArray xml = writeAppcast(appcast);
    QVERIFY(
        xml.contains("<sparkle:minimumAutoupdateVersion>1.8</sparkle:minimumAutoupdateVersion>"));
    QVERIFY(xml.contains("<sparkle:phasedRolloutInterval>86400</sparkle:phasedRolloutInterval>"));
}

QTEST_GUILESS_MAIN(TestAppcastWriter)
#include "tst_appcastwriter.moc"
