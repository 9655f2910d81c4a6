// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/publisher/publishing.h"

#include "lib/common/convert.h"
#include "lib/feed/feedsignature.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestAppcastTool : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_site = std::make_unique<Site>(); }
    void helpAndVersion();
    void everyCommandHasHelpWithAnExample_data();
    void everyCommandHasHelpWithAnExample();
    void wrongUsage_data();
    void wrongUsage();
    void keygenWritesAPair();
    void keygenNeverOverwrites_data();
    void keygenNeverOverwrites();
    void keysFromEverywhere();
    void acc099_keyThatOthersMayRead();
    void signPrintsWhatFeedsNeed();
    void signSeveralFiles();
    void signMinisign();
    void signManifestHasItsComment();
    void signFeedInPlace();
    void verifySparkleSignature();
    void verifyManifest();
    void verifyFeedFile();
    void verifyHtmlPage();
    void refreshRenewsTheStamp();
    void refreshAfterAChange();
    void refreshWithANewKey();
    void refreshWithAnEarlierClock();
    void packSaysWhatItWrote();
    void packWithAllOptions();
    void vuln016_emptyKeyIsNoKey();

private:
    QString file(const QString &name, const QByteArray &content) const
    {
        writeTextFile(m_site->path(name), content);
        return m_site->path(name);
    }
    std::unique_ptr<Site> m_site;
};

void TestAppcastTool::helpAndVersion()
{
    const Finished help = appcastTool({u"--help"_s});
    QCOMPARE(help.status, 0);
    for (const char *name :
         {"keygen", "public-key", "sign", "verify", "pack", "generate", "refresh", "lint"})
        QVERIFY2(help.out.contains(QByteArray("  ") + name + ' '), name);
    const Finished version = appcastTool({u"--version"_s});
    QCOMPARE(version.status, 0);
    QVERIFY(version.out.startsWith("freshen-appcast "));
}

void TestAppcastTool::everyCommandHasHelpWithAnExample_data()
{
    QTest::addColumn<QString>("command");
    for (const char *name :
         {"keygen", "public-key", "sign", "verify", "pack", "generate", "refresh", "lint",
          "root init", "root add-key", "root remove-key", "root sign", "root rotate", "root show"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TestAppcastTool::everyCommandHasHelpWithAnExample()
{
    QFETCH(QString, command);
    const Finished help = appcastTool(command.split(u' ') + QStringList{u"--help"_s});
    QCOMPARE(help.status, 0);
    QVERIFY(help.out.contains("Example:\n  freshen-appcast " + command.toUtf8()));
    QVERIFY(help.err.isEmpty());
}

void TestAppcastTool::wrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("nothing") << QStringList();
    QTest::newRow("unknown command") << QStringList{u"bake"_s};
    QTest::newRow("half a command") << QStringList{u"root"_s};
    QTest::newRow("unknown option") << QStringList{u"keygen"_s, u"--size"_s, u"4"_s};
    QTest::newRow("option missing") << QStringList{u"keygen"_s};
    QTest::newRow("argument missing") << QStringList{u"verify"_s, u"--public-key"_s, u"x"_s};
    QTest::newRow("too many arguments")
        << QStringList{u"refresh"_s, u"--key"_s, u"k"_s, u"a"_s, u"b"_s};
    QTest::newRow("no folder's address") << QStringList{
        u"generate"_s, u"--key"_s, u"env:K"_s, u"--base-url"_s, u"example.org"_s, u"."_s};
    for (const char *days : {"0", "367", "-1", "soon"})
        QTest::addRow("acc100 expires in %s", days) << QStringList{u"generate"_s,
                                           u"--key"_s,
                                           u"env:K"_s,
                                           u"--base-url"_s,
                                           u"https://example.org/"_s,
                                           u"--expires"_s,
                                           QString::fromLatin1(days),
                                           u"."_s};
}

void TestAppcastTool::wrongUsage()
{
    QFETCH(QStringList, arguments);
    qputenv("K", QByteArray::fromStdString(testKey().toText()));
    const Finished finished = appcastTool(arguments);
    QCOMPARE(finished.status, 2);
    QVERIFY(finished.out.isEmpty());
    QVERIFY(finished.err.startsWith("freshen-appcast: "));
    QCOMPARE(finished.err.count('\n'), 1);
    if (arguments.size() < 2)
        return;
    const Finished asJson = appcastTool(arguments + QStringList{u"--json"_s});
    QCOMPARE(asJson.status, 2);
    QCOMPARE(asJson.errorCode(), u"USAGE"_s);
}

void TestAppcastTool::keygenWritesAPair()
{
    const QString name = m_site->path(u"new"_s);
    const Finished made = appcastTool({u"keygen"_s, u"--out"_s, name, u"--json"_s});
    QCOMPARE(made.status, 0);
    const auto others = ~(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser
                          | QFile::WriteUser);
    QCOMPARE(QFileInfo(name + u".key"_s).permissions() & others, QFile::Permissions());
    QCOMPARE(QByteArray::fromBase64(readWholeFile(name + u".key"_s)).size(), 32);
    const auto key = SecretKey::read(name + u".key"_s);
    QVERIFY(key.has_value());
    const auto open = Trust::PublicKey::parse(toView(readWholeFile(name + u".pub"_s)));
    QVERIFY(open.has_value());
    QVERIFY(*open == key->publicKey());
    QCOMPARE(made.json().value(u"sparkle"_s).toString().toStdString(), open->toSparkle());
    QCOMPARE(made.json().value(u"minisign"_s).toString().toStdString(), open->toMinisign());
    QVERIFY(!made.out.contains(readWholeFile(name + u".key"_s).trimmed()));
}

void TestAppcastTool::keygenNeverOverwrites_data()
{
    QTest::addColumn<QString>("ending");
    QTest::newRow("secret") << u".key"_s;
    QTest::newRow("public") << u".pub"_s;
}

void TestAppcastTool::keygenNeverOverwrites()
{
    QFETCH(QString, ending);
    const QString name = m_site->path(u"old"_s);
    file(u"old"_s + ending, "precious");
    const Finished made = appcastTool({u"keygen"_s, u"--out"_s, name, u"--json"_s});
    QCOMPARE(made.status, 1);
    QCOMPARE(made.errorCode(), u"KEY"_s);
    QCOMPARE(readWholeFile(name + ending), "precious");
    const QString twin = ending == u".key"_s ? u".pub"_s : u".key"_s;
    QVERIFY(!QFileInfo::exists(name + twin));
}

void TestAppcastTool::keysFromEverywhere()
{
    const QByteArray text = QByteArray::fromStdString(testKey().toText());
    const QString expected = QString::fromStdString(testKey().publicKey().toMinisign());
    qputenv("FRESHEN_TEST_KEY", text);
    const Finished answers[] = {
        appcastTool({u"public-key"_s, u"--json"_s, u"--key"_s, m_site->keyFile()}),
        appcastTool({u"public-key"_s, u"--json"_s, u"--key"_s, u"env:FRESHEN_TEST_KEY"_s}),
        appcastTool({u"public-key"_s, u"--json"_s, u"--key"_s, u"-"_s}, 0, text)};
    qunsetenv("FRESHEN_TEST_KEY");
    for (const Finished &answer : answers) {
        QCOMPARE(answer.status, 0);
        QCOMPARE(answer.json().value(u"minisign"_s).toString(), expected);
    }
    QCOMPARE(appcastTool({u"public-key"_s, u"--key"_s, u"-"_s}, 0, "nonsense").status, 1);
    QCOMPARE(appcastTool({u"public-key"_s, u"--key"_s, u"none.key"_s}).status, 1);
}

void TestAppcastTool::acc099_keyThatOthersMayRead()
{
    setMode(m_site->keyFile(), 0644);
    const Finished answer = appcastTool(
        {u"public-key"_s, u"--json"_s, u"--key"_s, m_site->keyFile()});
    QCOMPARE(answer.status, 1);
    QCOMPARE(answer.errorCode(), u"KEY"_s);
    QVERIFY(!answer.out.contains(testKey().toText().c_str()));
}

void TestAppcastTool::signPrintsWhatFeedsNeed()
{
    const QString path = file(u"a.zip"_s, "content");
    const Finished answer = appcastTool({u"sign"_s, u"--key"_s, m_site->keyFile(), path});
    QCOMPARE(answer.status, 0);
    const QByteArray start = "sparkle:edSignature=\"";
    QVERIFY(answer.out.startsWith(start));
    QVERIFY(answer.out.endsWith("\" length=\"7\"\n"));
    const auto signature = Trust::parseSignature(toView(answer.out.mid(start.size(), 88)));
    QVERIFY(signature.has_value());
    QVERIFY(testKey().publicKey().verify(toBytes("content"), *signature));
}

void TestAppcastTool::signSeveralFiles()
{
    const QStringList paths = {file(u"a"_s, "1"), file(u"b"_s, "22")};
    const Finished answer = appcastTool(
        QStringList{u"sign"_s, u"--json"_s, u"--key"_s, m_site->keyFile()} + paths);
    const QJsonArray files = answer.json().value(u"files"_s).toArray();
    QCOMPARE(files.size(), 2);
    QCOMPARE(files[1].toObject().value(u"file"_s).toString(), paths[1]);
    QCOMPARE(files[1].toObject().value(u"length"_s).toInt(), 2);
    QCOMPARE(appcastTool({u"sign"_s, u"--key"_s, m_site->keyFile(), u"none"_s}).status, 1);
}

void TestAppcastTool::signMinisign()
{
    const QString path = file(u"a"_s, "content");
    QCOMPARE(appcastTool({u"sign"_s, u"--minisign"_s, u"--trusted-comment"_s,
                          u"freshen-file a.b 1.0"_s, u"--key"_s, m_site->keyFile(), path})
                 .status,
             0);
    const Finished good = appcastTool(
        {u"verify"_s, u"--json"_s, u"--public-key"_s, m_site->publicKey(), path});
    QCOMPARE(good.status, 0);
    QCOMPARE(good.json().value(u"trustedComment"_s).toString(), u"freshen-file a.b 1.0"_s);
    file(u"a"_s, "changed");
    const Finished bad = appcastTool(
        {u"verify"_s, u"--json"_s, u"--public-key"_s, m_site->publicKey(), path});
    QCOMPARE(bad.status, 4);
    QCOMPARE(bad.errorCode(), u"SIGNATURE"_s);
    QCOMPARE(appcastTool({u"sign"_s, u"--minisign"_s, u"--trusted-comment"_s, u"a\nb"_s, u"--key"_s,
                          m_site->keyFile(), path})
                 .status,
             2);
}

void TestAppcastTool::signManifestHasItsComment()
{
    QCOMPARE(m_site->pack(u"1.0"_s).status, 0);
    const QString manifest = m_site->folder() + u"/notes-1.0-linux-x86_64.manifest"_s;
    const QByteArray before = readWholeFile(manifest + u".minisig"_s);
    QFile::remove(manifest + u".minisig"_s);
    QCOMPARE(
        appcastTool({u"sign"_s, u"--minisign"_s, u"--key"_s, m_site->keyFile(), manifest}).status,
        0);
    QCOMPARE(readWholeFile(manifest + u".minisig"_s), before);
}

void TestAppcastTool::signFeedInPlace()
{
    const QString path = file(u"feed.xml"_s, "<rss version=\"2.0\"><channel/></rss>\n");
    const QStringList sign = {u"sign"_s, u"--key"_s, m_site->keyFile(), path};
    QCOMPARE(appcastTool(sign).status, 0);
    const QByteArray once = readWholeFile(path);
    QVERIFY(verifyFeed(once, {testKey().publicKey()}, FeedTrust::Required).has_value());
    QCOMPARE(appcastTool(sign).status, 0);
    QCOMPARE(readWholeFile(path), once);
    // What would not verify afterwards is not written.
    const QByteArray hopeless = "<rss><!-- freshen-signatures: --></rss>\n";
    file(u"feed.xml"_s, hopeless);
    QCOMPARE(appcastTool(sign).status, 4);
    QCOMPARE(readWholeFile(path), hopeless);
}

void TestAppcastTool::verifySparkleSignature()
{
    const QString path = file(u"hello.txt"_s, "Hello World!\n");
    const QString key = u"rhHib+w769W2/6/t+oM1ZxgjBB93BfBKMLO0Qo1etQs="_s;
    const QString signature = u"EIawm2YkDZ2gBfkEMF2+1VuuTeXnCGZOdnMdVgPPvDZioq7bvDayXqKkIIzSjKMmeFd"
                              "cFJOHdnba5ZV60+gPBw=="_s;
    const auto verify = [&](const QString &publicKey, const QString &given) {
        return appcastTool(
                   {u"verify"_s, u"--public-key"_s, publicKey, u"--signature"_s, given, path})
            .status;
    };
    QCOMPARE(verify(key, signature), 0);
    QCOMPARE(verify(m_site->publicKey(), signature), 4);
    QCOMPARE(verify(key, u"lol"_s), 4);
    QCOMPARE(verify(u"lol"_s, signature), 1);
    file(u"hello.txt"_s, "Hello World?\n");
    QCOMPARE(verify(key, signature), 4);
}

void TestAppcastTool::verifyManifest()
{
    QCOMPARE(m_site->pack(u"1.0"_s).status, 0);
    const QString manifest = m_site->folder() + u"/notes-1.0-linux-x86_64.manifest"_s;
    const QStringList verify = {u"verify"_s, u"--json"_s, u"--public-key"_s, m_site->publicKey(),
                                manifest};
    const Finished good = appcastTool(verify);
    QCOMPARE(good.status, 0);
    QCOMPARE(good.json().value(u"kind"_s).toString(), u"manifest"_s);
    QCOMPARE(good.json().value(u"version"_s).toString(), u"1.0"_s);
    // A right signature with another comment is for something else.
    const auto text = testKey().minisign(toView(readWholeFile(manifest)), "freshen-file a 1");
    writeTextFile(manifest + u".minisig"_s, QByteArray::fromStdString(text));
    QCOMPARE(appcastTool(verify).status, 4);
    QFile::remove(manifest + u".minisig"_s);
    QCOMPARE(appcastTool(verify).status, 1);
}

void TestAppcastTool::verifyFeedFile()
{
    QCOMPARE(m_site->pack(u"1.0"_s).status, 0);
    QCOMPARE(m_site->generate().status, 0);
    const auto verify = [&](char seed) {
        return appcastTool({u"verify"_s, u"--json"_s, u"--public-key"_s,
                            QString::fromStdString(testKey(seed).publicKey().toMinisign()),
                            m_site->feed()});
    };
    QCOMPARE(verify('a').status, 0);
    QCOMPARE(verify('a').json().value(u"product"_s).toString(), u"org.example.notes"_s);
    QCOMPARE(verify('b').status, 4);
    QCOMPARE(verify('b').errorCode(), u"FEED_SIGNATURE"_s);
    writeTextFile(m_site->feed(), withoutTrailers(readWholeFile(m_site->feed())));
    QCOMPARE(verify('a').errorCode(), u"FEED_UNSIGNED"_s);
}

void TestAppcastTool::verifyHtmlPage()
{
    const QString path = file(u"appcast.xml"_s, "<!doctype html><title>Log in</title>");
    const Finished answer = appcastTool(
        {u"verify"_s, u"--json"_s, u"--public-key"_s, m_site->publicKey(), path});
    QCOMPARE(answer.status, 1);
    QCOMPARE(answer.errorCode(), u"FEED_PARSE"_s);
}

void TestAppcastTool::refreshRenewsTheStamp()
{
    QCOMPARE(m_site->pack(u"1.0"_s).status, 0);
    QCOMPARE(m_site->generate({u"--expires"_s, u"10"_s}).status, 0);
    const QByteArray before = withoutTrailers(readWholeFile(m_site->feed()));
    QVERIFY(before.contains("version=\"1800000000\" issued=\"2027-01-15T08:00:00Z\" "
                            "expires=\"2027-01-25T08:00:00Z\""));
    const Finished answer = appcastTool(
        {u"refresh"_s, u"--json"_s, u"--key"_s, m_site->keyFile(), m_site->feed()}, 1'800'086'400);
    QCOMPARE(answer.status, 0);
    QCOMPARE(answer.json().value(u"expires"_s).toString(), u"2027-01-26T08:00:00Z"_s);
    const auto after = verifyFeed(readWholeFile(m_site->feed()), {testKey().publicKey()},
                                  FeedTrust::Required);
    QVERIFY(after.has_value());
    QByteArray expected = before;
    expected.replace("version=\"1800000000\" issued=\"2027-01-15T08:00:00Z\" "
                     "expires=\"2027-01-25T08:00:00Z\"",
                     "version=\"1800000001\" issued=\"2027-01-16T08:00:00Z\" "
                     "expires=\"2027-01-26T08:00:00Z\"");
    QCOMPARE(after->content, expected);
}

void TestAppcastTool::refreshAfterAChange()
{
    QCOMPARE(m_site->pack(u"1.0"_s).status, 0);
    QCOMPARE(m_site->generate().status, 0);
    QByteArray feed = readWholeFile(m_site->feed());
    feed.replace("<title>1.0</title>", "<title>0.1</title>");
    writeTextFile(m_site->feed(), feed);
    const Finished answer = appcastTool(
        {u"refresh"_s, u"--json"_s, u"--key"_s, m_site->keyFile(), m_site->feed()});
    QCOMPARE(answer.status, 4);
    QCOMPARE(answer.errorCode(), u"FEED_SIGNATURE"_s);
    QCOMPARE(readWholeFile(m_site->feed()), feed);
}

void TestAppcastTool::refreshWithANewKey()
{
    QCOMPARE(m_site->pack(u"1.0"_s).status, 0);
    QCOMPARE(m_site->generate().status, 0);
    writeTextFile(m_site->path(u"new.key"_s), QByteArray::fromStdString(testKey('b').toText()),
                  0600);
    const QStringList refresh = {u"refresh"_s, u"--key"_s, m_site->path(u"new.key"_s),
                                 m_site->feed()};
    QCOMPARE(appcastTool(refresh).status, 4);
    QCOMPARE(appcastTool(refresh + QStringList{u"--old-public-key"_s, m_site->publicKey()}).status,
             0);
    QVERIFY(
        verifyFeed(readWholeFile(m_site->feed()), {testKey('b').publicKey()}, FeedTrust::Required)
            .has_value());
}

void TestAppcastTool::refreshWithAnEarlierClock()
{
    QCOMPARE(m_site->pack(u"1.0"_s).status, 0);
    QCOMPARE(m_site->generate().status, 0);
    const QByteArray before = readWholeFile(m_site->feed());
    const Finished answer = appcastTool(
        {u"refresh"_s, u"--json"_s, u"--key"_s, m_site->keyFile(), m_site->feed()}, 1'799'999'999);
    QCOMPARE(answer.status, 4);
    QCOMPARE(answer.errorCode(), u"CLOCK"_s);
    QCOMPARE(readWholeFile(m_site->feed()), before);
}

void TestAppcastTool::packSaysWhatItWrote()
{
    const Finished answer = m_site->pack(u"1.0"_s, {u"--json"_s}, u".zip"_s);
    QCOMPARE(answer.status, 0);
    const QString package = answer.json().value(u"package"_s).toString();
    QVERIFY(package.endsWith(u"/notes-1.0-linux-x86_64.zip"_s));
    QCOMPARE(answer.json().value(u"length"_s).toInteger(), QFileInfo(package).size());
    for (const char *member : {"manifest", "signature"})
        QVERIFY(QFileInfo(answer.json().value(QLatin1String(member)).toString()).isFile());
    const Finished refused = m_site->pack(u"1.0"_s, {u"--executable"_s, u"none"_s, u"--json"_s});
    QCOMPARE(refused.status, 1);
    QCOMPARE(refused.errorCode(), u"CONFIG"_s);
}

void TestAppcastTool::packWithAllOptions()
{
    const QString other = QString::fromStdString(testKey('b').publicKey().toSparkle());
    QCOMPARE(m_site
                 ->pack(u"1.0"_s,
                        {u"--channel"_s, u"beta"_s, u"--os"_s, u"windows"_s, u"--arch"_s,
                         u"arm64"_s, u"--ready"_s, u"alive:9"_s, u"--versioning"_s, u"semver"_s,
                         u"--allow-http"_s, u"--no-rollback"_s,
                         u"--allow-unsigned-feed"_s, u"--public-key"_s, other,
                         u"--public-key"_s, m_site->publicKey()})
                 .status,
             0);
    const QString base = m_site->folder() + u"/notes-1.0-linux-x86_64"_s;
    const QByteArray manifest = readWholeFile(base + u".manifest"_s);
    QVERIFY(manifest.contains("\nchannel beta\nos windows\narch arm64\n"));
    const QString out = m_site->path(u"out"_s);
    QDir().mkpath(out);
    QVERIFY(
        runProgram(u"sh"_s,
                   {u"-c"_s, u"zstd -dc \"$0\" | tar -C \"$1\" -xf -"_s, base + u".tar.zst"_s, out})
            .status
        == 0);
    const auto app = AppDescription::read(out);
    QVERIFY(app.has_value());
    QCOMPARE(app->channel, u"beta"_s);
    QCOMPARE(app->ready.toText(), u"alive:9"_s);
    QCOMPARE(app->versioning, u"semver"_s);
    QVERIFY(app->allowHttp);
    QVERIFY(!app->rollback);
    QVERIFY(!app->requireSignedFeed);
    QCOMPARE(app->publicKeys.size(), 2);
    QCOMPARE(m_site->pack(u"1.1"_s, {u"--public-key"_s, other}).status, 1);
    QCOMPARE(m_site->pack(u"1.1"_s, {u"--ready"_s, u"soon"_s}).status, 1);
}

// A variable that was not set must not switch the check off.
void TestAppcastTool::vuln016_emptyKeyIsNoKey()
{
    const Finished packed = m_site->pack(u"1.0"_s, {u"--public-key"_s, QString(), u"--json"_s});
    QCOMPARE(packed.errorCode(), u"KEY"_s);
    QVERIFY(QDir(m_site->folder()).isEmpty());
    QCOMPARE(m_site->pack(u"1.0"_s).status, 0);
    QCOMPARE(m_site->generate().status, 0);
    const Finished verified = appcastTool(
        {u"verify"_s, u"--json"_s, u"--public-key"_s, QString(), m_site->feed()});
    QCOMPARE(verified.errorCode(), u"USAGE"_s);
    QCOMPARE(m_site->lint({u"--public-key"_s, QString()}).errorCode(), u"KEY"_s);
}

QTEST_GUILESS_MAIN(TestAppcastTool)
#include "tst_appcasttool.moc"
