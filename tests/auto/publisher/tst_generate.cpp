// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/publisher/publishing.h"
#include "tests/support/resultcheck.h"

#include "lib/common/convert.h"
#include "lib/feed/appcastreader.h"
#include "lib/feed/feedsignature.h"
#include "updater-helper/trust/digest.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QStandardPaths>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestGenerate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void newFeedHasEverything();
    void newestFirst();
    void acc104_nothingChanged();
    void acc100_counterGrows();
    void acc104_sameInputSameBytes();
    void editedItemsAreKept();
    void unsignedEditIsSignedAnew();
    void plainFeedIsAdopted();
    void newItemsFollowTheWishes();
    void notesBesideThePackage_data();
    void notesBesideThePackage();
    void notesAreLinked();
    void badNotesAreRefused();
    void maximumVersions();
    void allSystems();
    void acc100_previousFeedCounts();
    void acc103_failedWriteKeepsTheFeed();
    void acc103_killedWhileWriting_data();
    void acc103_killedWhileWriting();

private:
    Appcast appcast() const;
    QString packagePath(const QString &version) const
    {
        return m_site->folder() + u"/notes-%1-linux-x86_64.tar.zst"_s.arg(version);
    }
    QStringList versions() const;
    void edit(const QByteArray &before, const QByteArray &after) const;

    std::unique_ptr<Site> m_site;
};

void TestGenerate::init()
{
    m_site = std::make_unique<Site>();
    QCOMPARE(m_site->pack(u"1.0"_s).status, 0);
}

Appcast TestGenerate::appcast() const
{
    const auto feed = verifyFeed(readWholeFile(m_site->feed()), {testKey().publicKey()},
                                 FeedTrust::Required);
    if (!feed)
        qFatal("%s", feed.error().message.c_str());
    const auto appcast = readAppcast(feed->content, QUrl(u"https://example.org/up/appcast.xml"_s));
    if (!appcast)
        qFatal("%s", appcast.error().message.c_str());
    return *appcast;
}

QStringList TestGenerate::versions() const
{
    QStringList versions;
    for (const AppcastItem &item : appcast().items)
        versions += item.version;
    return versions;
}

void TestGenerate::edit(const QByteArray &before, const QByteArray &after) const
{
    QByteArray feed = readWholeFile(m_site->feed());
    QVERIFY2(feed.contains(before), before.constData());
    writeTextFile(m_site->feed(), feed.replace(before, after));
}

void TestGenerate::newFeedHasEverything()
{
    const Finished answer = m_site->generate();
    QCOMPARE(answer.status, 0);
    QCOMPARE(answer.json().value(u"result"_s).toString(), u"written"_s);
    QCOMPARE(answer.json().value(u"expires"_s).toString(), u"2027-04-15T08:00:00Z"_s);
    const Appcast feed = appcast();
    QVERIFY(feed.warnings.isEmpty());
    QCOMPARE(feed.stamp->product, u"org.example.notes"_s);
    QCOMPARE(feed.stamp->version, quint64(1'800'000'000));
    QCOMPARE(feed.stamp->issued, QDateTime::fromSecsSinceEpoch(1'800'000'000, Qt::UTC));
    QCOMPARE(feed.stamp->issued.daysTo(feed.stamp->expires), 90);
    QCOMPARE(feed.items.size(), 1);
    const AppcastItem &item = feed.items[0];
    const QByteArray package = readWholeFile(packagePath(u"1.0"_s));
    QCOMPARE(item.version, u"1.0"_s);
    QCOMPARE(item.channel, QString());
    QCOMPARE(item.publishedTime, feed.stamp->issued);
    QCOMPARE(item.enclosure->url, QUrl(u"https://example.org/up/notes-1.0-linux-x86_64.tar.zst"_s));
    QCOMPARE(item.enclosure->length, package.size());
    QCOMPARE(item.enclosure->sha256.toStdString(), Trust::sha256Hex(toView(package)));
    QCOMPARE(item.enclosure->os, u"linux-x64"_s);
    QCOMPARE(item.enclosure->arch, u"x86_64"_s);
    const auto signature = Trust::parseSignature(item.enclosure->edSignature.toStdString());
    VERIFY_RESULT(signature);
    QVERIFY(testKey().publicKey().verify(toBytes(package), *signature));
    const QByteArray manifest = readWholeFile(m_site->folder()
                                              + u"/notes-1.0-linux-x86_64.manifest"_s);
    QCOMPARE(item.manifest->url, QUrl(u"https://example.org/up/notes-1.0-linux-x86_64.manifest"_s));
    QCOMPARE(item.manifest->length, manifest.size());
    QCOMPARE(item.manifest->sha256.toStdString(), Trust::sha256Hex(toView(manifest)));
    QVERIFY(readWholeFile(m_site->feed()).contains("<channel>\n    <freshen:feed "));
    QCOMPARE(m_site->lint().status, 0);
}

void TestGenerate::newestFirst()
{
    for (const char *version : {"1.10", "1.9", "1.9b1"})
        QCOMPARE(m_site->pack(QString::fromLatin1(version)).status, 0);
    QCOMPARE(m_site->generate().status, 0);
    QCOMPARE(versions(), QStringList({u"1.10"_s, u"1.9"_s, u"1.9b1"_s, u"1.0"_s}));
}

void TestGenerate::acc104_nothingChanged()
{
    QCOMPARE(m_site->generate().status, 0);
    const QByteArray before = readWholeFile(m_site->feed());
    const QDateTime written = QFileInfo(m_site->feed()).lastModified();
    const Finished again = m_site->generate({}, 1'800'100'000);
    QCOMPARE(again.status, 0);
    QCOMPARE(again.json().value(u"result"_s).toString(), u"unchanged"_s);
    QVERIFY(!again.json().contains(u"warnings"_s));
    QCOMPARE(readWholeFile(m_site->feed()), before);
    QCOMPARE(QFileInfo(m_site->feed()).lastModified(), written);
    const Finished late = m_site->generate({}, 1'900'000'000);
    QCOMPARE(late.json().value(u"warnings"_s).toArray().size(), 1);
    QCOMPARE(readWholeFile(m_site->feed()), before);
}

void TestGenerate::acc100_counterGrows()
{
    QCOMPARE(m_site->generate().status, 0);
    QCOMPARE(m_site->pack(u"2.0"_s).status, 0);
    QCOMPARE(m_site->generate({u"--expires"_s, u"7"_s}, 1'800'100'000).status, 0);
    const Appcast feed = appcast();
    QCOMPARE(feed.stamp->version, quint64(1'800'000'001));
    QCOMPARE(feed.stamp->issued.toSecsSinceEpoch(), 1'800'100'000);
    QCOMPARE(feed.stamp->issued.daysTo(feed.stamp->expires), 7);
    QCOMPARE(versions(), QStringList({u"2.0"_s, u"1.0"_s}));
    QCOMPARE(feed.items[1].publishedTime.toSecsSinceEpoch(), 1'800'000'000);
    QCOMPARE(m_site->pack(u"3.0"_s).status, 0);
    QCOMPARE(m_site->generate({}, 1'799'000'000).errorCode(), u"CLOCK"_s);
}

void TestGenerate::acc104_sameInputSameBytes()
{
    QCOMPARE(m_site->pack(u"2.0"_s, {}, u".zip"_s).status, 0);
    QCOMPARE(m_site->generate().status, 0);
    const QByteArray before = readWholeFile(m_site->feed());
    QFile::remove(m_site->feed());
    QCOMPARE(m_site->generate().status, 0);
    QCOMPARE(readWholeFile(m_site->feed()), before);
}

// What a person writes into the feed by hand stays, byte for byte, also what Freshen does not know.
void TestGenerate::editedItemsAreKept()
{
    QCOMPARE(m_site->generate().status, 0);
    edit("<title>org.example.notes</title>", "<title>Notes</title>\n    <language>en</language>");
    edit("<title>1.0</title>",
         "<title>The first one</title>\n      <!-- by hand -->\n"
         "      <description><![CDATA[<p>Good & new</p>]]></description>");
    edit("</item>",
         "  <link>https://example.org/first</link>\n"
         "      <sparkle:criticalUpdate/>\n"
         "      <sparkle:informationalUpdate><sparkle:version>0.9</sparkle:version>"
         "</sparkle:informationalUpdate>\n"
         "      <dc:creator xmlns:dc=\"http://purl.org/dc/elements/1.1/\">me</dc:creator>"
         "\n    </item>");
    const QByteArray edited = withoutTrailers(readWholeFile(m_site->feed()));
    const QByteArray item = edited.mid(edited.indexOf("<item>"),
                                       edited.indexOf("</item>") - edited.indexOf("<item>"));
    QCOMPARE(m_site->pack(u"2.0"_s).status, 0);
    QCOMPARE(m_site->generate().status, 0);
    const QByteArray feed = readWholeFile(m_site->feed());
    QVERIFY(feed.contains(item));
    QVERIFY(feed.contains("<title>Notes</title>\n    <language>en</language>"));
    QCOMPARE(versions(), QStringList({u"2.0"_s, u"1.0"_s}));
    const AppcastItem kept = appcast().items[1];
    QCOMPARE(kept.title, u"The first one"_s);
    QCOMPARE(kept.notes, u"<p>Good & new</p>"_s);
    QVERIFY(kept.isCritical);
    QCOMPARE(m_site->generate().json().value(u"result"_s).toString(), u"unchanged"_s);
}

void TestGenerate::unsignedEditIsSignedAnew()
{
    QCOMPARE(m_site->generate().status, 0);
    edit("<title>1.0</title>", "<title>One</title>");
    const Finished again = m_site->generate();
    QCOMPARE(again.json().value(u"result"_s).toString(), u"written"_s);
    QCOMPARE(appcast().stamp->version, quint64(1'800'000'001));
    QCOMPARE(appcast().items[0].title, u"One"_s);
}

// A feed that Sparkle's own tool wrote, with its trailer, other blanks and no name of Freshen's.
void TestGenerate::plainFeedIsAdopted()
{
    writeTextFile(m_site->feed(),
                  "<?xml version=\"1.0\" standalone=\"yes\"?>\r\n"
                  "<rss xmlns:sparkle='http://www.andymatuschak.org/xml-namespaces/sparkle' "
                  "version=\"2.0\"><channel><title>Old & small</title>\r\n"
                  "<item><sparkle:version>0.95</sparkle:version>"
                  "<enclosure url=\"https://example.org/lengthless.zip\"/></item>"
                  "<item><title>😀 0.9</title><sparkle:version>0.9</sparkle:version>"
                  "<enclosure url=\"https://example.org/old.zip\" length=\"5\" "
                  "sparkle:os=\"macos\"/></item></channel></rss>"
                  "<!-- sparkle-signatures:\nedSignature: x\nlength: 1\n-->\n");
    QCOMPARE(m_site->generate().errorCode(), u"FEED_PARSE"_s);
    edit("Old & small", "Old &amp; small");
    const Finished answer = m_site->generate();
    QVERIFY2(answer.status == 0, answer.out.constData());
    QCOMPARE(answer.json().value(u"items"_s).toInt(), 3);
    QCOMPARE(answer.json().value(u"warnings"_s).toArray().size(), 2);
    // Freshen's clients skip the one that does not say how long its file is; it stays for others.
    QVERIFY(readWholeFile(m_site->feed()).contains("lengthless.zip"));
    const Appcast feed = appcast();
    QCOMPARE(feed.title, u"Old & small"_s);
    QCOMPARE(versions(), QStringList({u"1.0"_s, u"0.9"_s}));
    QCOMPARE(feed.items[1].title, u"😀 0.9"_s);
    QCOMPARE(feed.items[1].enclosure->url, QUrl(u"https://example.org/old.zip"_s));
    QCOMPARE(m_site->generate().json().value(u"result"_s).toString(), u"unchanged"_s);
}

void TestGenerate::newItemsFollowTheWishes()
{
    QCOMPARE(m_site->generate().status, 0);
    QCOMPARE(m_site->pack(u"2.0"_s, {u"--channel"_s, u"beta"_s}).status, 0);
    QCOMPARE(
        m_site
            ->generate({u"--channel"_s, u"beta"_s, u"--critical-update-version"_s, u"1.5"_s,
                        u"--phased-rollout-interval"_s, u"3600"_s, u"--major-version"_s, u"2.0"_s})
            .status,
        0);
    const Appcast feed = appcast();
    QCOMPARE(feed.items[0].channel, u"beta"_s);
    QVERIFY(feed.items[0].isCritical);
    QCOMPARE(feed.items[0].criticalBelow, u"1.5"_s);
    QVERIFY(!feed.items[1].isCritical);
    const QByteArray text = readWholeFile(m_site->feed());
    QCOMPARE(text.count("<sparkle:phasedRolloutInterval>3600</"), 1);
    QCOMPARE(text.count("<sparkle:minimumAutoupdateVersion>2.0</"), 1);
}

void TestGenerate::notesBesideThePackage_data()
{
    QTest::addColumn<QString>("ending");
    QTest::addColumn<Release::NotesFormat>("format");
    QTest::newRow("html") << u"html"_s << Release::NotesFormat::Html;
    QTest::newRow("markdown") << u"md"_s << Release::NotesFormat::Markdown;
    QTest::newRow("text") << u"txt"_s << Release::NotesFormat::PlainText;
}

void TestGenerate::notesBesideThePackage()
{
    QFETCH(QString, ending);
    QFETCH(Release::NotesFormat, format);
    writeTextFile(m_site->folder() + u"/notes-1.0-linux-x86_64."_s + ending,
                  "# New\r\n<b>bold</b> & ]]>\n");
    QCOMPARE(m_site
                 ->generate({u"--release-notes-url-prefix"_s, u"https://example.org/n"_s,
                             u"--embed-release-notes"_s})
                 .status,
             0);
    const AppcastItem item = appcast().items[0];
    QCOMPARE(item.notes, u"# New\n<b>bold</b> & ]]>\n"_s);
    QCOMPARE(item.notesFormat, format);
    QVERIFY(item.notesUrl.isEmpty());
}

void TestGenerate::notesAreLinked()
{
    writeTextFile(m_site->folder() + u"/notes-1.0-linux-x86_64.md"_s, "new");
    QCOMPARE(m_site->generate({u"--release-notes-url-prefix"_s, u"https://example.org/n"_s}).status,
             0);
    const AppcastItem item = appcast().items[0];
    QCOMPARE(item.notesUrl, QUrl(u"https://example.org/n/notes-1.0-linux-x86_64.md"_s));
    QVERIFY(item.notes.isEmpty());
}

void TestGenerate::badNotesAreRefused()
{
    for (const char *notes : {"caf\xe9", "bell\a"}) {
        writeTextFile(m_site->folder() + u"/notes-1.0-linux-x86_64.md"_s, notes);
        QCOMPARE(m_site->generate().errorCode(), u"CONFIG"_s);
        QVERIFY(!QFileInfo::exists(m_site->feed()));
    }
}

void TestGenerate::maximumVersions()
{
    for (const char *version : {"1.1", "1.2"})
        QCOMPARE(m_site->pack(QString::fromLatin1(version)).status, 0);
    QCOMPARE(m_site->pack(u"0.5"_s, {u"--channel"_s, u"beta"_s}).status, 0);
    QCOMPARE(m_site->generate({u"--maximum-versions"_s, u"2"_s}).status, 0);
    QCOMPARE(versions(), QStringList({u"1.2"_s, u"1.1"_s, u"0.5"_s}));
    QCOMPARE(m_site->generate({u"--maximum-versions"_s, u"0"_s}).status, 2);
}

void TestGenerate::allSystems()
{
    const QList<QStringList> systems = {
        {u"linux"_s, u"arm64"_s, u"linux-arm64"_s},     {u"linux"_s, u"x86"_s, u"linux"_s},
        {u"windows"_s, u"x86_64"_s, u"windows-x64"_s},  {u"windows"_s, u"x86"_s, u"windows-x86"_s},
        {u"windows"_s, u"arm64"_s, u"windows-arm64"_s}, {u"macos"_s, u"arm64"_s, u"macos"_s}};
    for (const QStringList &system : systems) {
        const QString package = m_site->folder()
            + u"/notes-1.0-%1-%2.zip"_s.arg(system[0], system[1]);
        QCOMPARE(appcastTool({u"pack"_s, u"--product"_s, u"org.example.notes"_s, u"--version"_s,
                              u"1.0"_s, u"--executable"_s, u"bin/app"_s, u"--feed"_s,
                              u"https://example.org/appcast.xml"_s, u"--key"_s, m_site->keyFile(),
                              u"--os"_s, system[0], u"--arch"_s, system[1], m_site->path(u"tree"_s),
                              package})
                     .status,
                 0);
    }
    QCOMPARE(m_site->generate().status, 0);
    QStringList found;
    for (const AppcastItem &item : appcast().items)
        found += item.enclosure->os + u' ' + item.enclosure->arch;
    for (const QStringList &system : systems)
        QVERIFY2(found.contains(system[2] + u' ' + system[1]), qPrintable(system.join(u' ')));
    QCOMPARE(found.size(), systems.size() + 1);
    QCOMPARE(m_site->lint().status, 0);
}

void TestGenerate::acc100_previousFeedCounts()
{
    QCOMPARE(m_site->generate().status, 0);
    edit("version=\"1800000000\"", "version=\"77\"");
    QCOMPARE(appcastTool({u"sign"_s, u"--key"_s, m_site->keyFile(), m_site->feed()}).status, 0);
    const QString previous = m_site->path(u"previous.xml"_s);
    QVERIFY(QFile::rename(m_site->feed(), previous));
    QVERIFY(QFile::remove(packagePath(u"1.0"_s)));
    QCOMPARE(m_site->pack(u"2.0"_s).status, 0);
    QCOMPARE(m_site->generate({u"--previous"_s, previous}).status, 0);
    QCOMPARE(appcast().stamp->version, quint64(78));
    QCOMPARE(versions(), QStringList({u"2.0"_s, u"1.0"_s}));
}

// A limit on the size of files makes the write fail as a full disk would.
void TestGenerate::acc103_failedWriteKeepsTheFeed()
{
    QCOMPARE(m_site->generate().status, 0);
    const QByteArray before = readWholeFile(m_site->feed());
    QCOMPARE(m_site->pack(u"2.0"_s).status, 0);
    QByteArray notes("long notes ");
    writeTextFile(m_site->folder() + u"/notes-2.0-linux-x86_64.txt"_s, notes.repeated(50'000));
    const QStringList names = QDir(m_site->folder()).entryList(QDir::Files | QDir::Hidden);
    const QString script = u"trap '' XFSZ; ulimit -f 400; SOURCE_DATE_EPOCH=1800000000 exec \"$0\" "
                           u"generate --json --key \"$1\" "
                           "--base-url https://example.org/up \"$2\""_s;
    const Finished answer = runProgram(u"sh"_s,
                                       {u"-c"_s, script,
                                        QStringLiteral(FRESHEN_BUILD_BIN "/freshen-appcast"),
                                        m_site->keyFile(), m_site->folder()});
    QCOMPARE(answer.status, 1);
    QCOMPARE(answer.errorCode(), u"IO"_s);
    QCOMPARE(readWholeFile(m_site->feed()), before);
    QCOMPARE(QDir(m_site->folder()).entryList(QDir::Files | QDir::Hidden), names);
    QCOMPARE(m_site->generate({}, 1'900'000'000).status, 0);
}

void TestGenerate::acc103_killedWhileWriting_data()
{
    QTest::addColumn<QByteArray>("call");
    QTest::addColumn<QByteArray>("fault");
    for (const char *call : {"write", "fsync", "rename"}) {
        QTest::addRow("killed in %s", call) << QByteArray(call) << QByteArray("signal=KILL");
        QTest::addRow("disk full in %s", call) << QByteArray(call) << QByteArray("error=ENOSPC");
    }
}

// Each of the calls in turn is the one that fails, or the last one ever.
void TestGenerate::acc103_killedWhileWriting()
{
    QFETCH(QByteArray, call);
    QFETCH(QByteArray, fault);
    if (QStandardPaths::findExecutable(u"strace"_s).isEmpty())
        QSKIP("strace is not installed.");
    QCOMPARE(m_site->generate().status, 0);
    const QByteArray before = readWholeFile(m_site->feed());
    QCOMPARE(m_site->pack(u"2.0"_s).status, 0);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"SOURCE_DATE_EPOCH"_s, u"1800000000"_s);
    environment.insert(u"TMPDIR"_s, m_site->path(QString())); // a killed program leaves something
    int faults = 0;
    for (int when = 1;; ++when) {
        const Finished finished = runProgram(
            u"strace"_s,
            {u"-f"_s, u"-o"_s, m_site->path(u"trace"_s), u"-e"_s,
             u"trace="_s + QString::fromLatin1(call), u"-e"_s,
             u"inject=%1:%2:when=%3"_s.arg(QString::fromLatin1(call), QString::fromLatin1(fault))
                 .arg(when),
             QStringLiteral(FRESHEN_BUILD_BIN "/freshen-appcast"), u"generate"_s, u"--key"_s,
             m_site->keyFile(), u"--base-url"_s, u"https://example.org/up"_s, m_site->folder()},
            {}, environment);
        const QByteArray after = readWholeFile(m_site->feed());
        if (finished.status == 0) {
            QVERIFY(after != before);
            break;
        }
        ++faults;
        // The old one or, where only the folder's sync was left to do, the new one: never a part.
        if (after != before)
            QCOMPARE(versions(), QStringList({u"2.0"_s, u"1.0"_s}));
        writeTextFile(m_site->feed(), before);
    }
    QVERIFY(faults > 0);
    QCOMPARE(m_site->lint().status, 0);
}

QTEST_GUILESS_MAIN(TestGenerate)
#include "tst_generate.moc"
