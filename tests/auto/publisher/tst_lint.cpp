// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/publisher/publishing.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestLint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanFeed();
    void withoutAKey();
    void editedFeeds_data();
    void editedFeeds();
    void damagedFiles_data();
    void damagedFiles();
    void unsignedFeed();
    void wrongKey();
    void expiry_data();
    void expiry();
    void noFeed();
    void secretKeyBesideTheFeed();
    void vuln041_seedInsideAPackage_data();
    void vuln041_seedInsideAPackage();
    void h11_twinsInATreeForLinux();
    void httpWhereItIsAllowed();

private:
    // "error CODE" for each problem.
    QStringList problems(const Finished &answer) const;
    QString base() const { return m_site->folder() + u"/notes-1.0-linux-x86_64"_s; }

    std::unique_ptr<Site> m_site;
};

void TestLint::init()
{
    m_site = std::make_unique<Site>();
    QCOMPARE(m_site->pack(u"1.0"_s).status, 0);
    QCOMPARE(m_site->generate().status, 0);
}

QStringList TestLint::problems(const Finished &answer) const
{
    QStringList result;
    const QJsonArray found = answer.json().value(u"problems"_s).toArray();
    for (const QJsonValue &problem : found)
        result += problem[u"level"_s].toString() + u' ' + problem[u"code"_s].toString();
    return result;
}

void TestLint::cleanFeed()
{
    const Finished answer = m_site->lint();
    QCOMPARE(answer.status, 0);
    QCOMPARE(answer.json().value(u"result"_s).toString(), u"clean"_s);
    const Finished byName = appcastTool(
        {u"lint"_s, m_site->feed(), u"--public-key"_s, m_site->publicKey()});
    QCOMPARE(byName.status, 0);
}

void TestLint::withoutAKey()
{
    const Finished answer = appcastTool({u"lint"_s, u"--json"_s, m_site->folder()});
    QCOMPARE(answer.status, 0);
    QCOMPARE(problems(answer), QStringList{u"warning FEED_SIGNATURE"_s});
}

void TestLint::editedFeeds_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<QString>("problem");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const char *before, const char *after,
                        const QString &problem, int status) {
        QTest::newRow(name) << QByteArray(before) << QByteArray(after) << problem << status;
    };
    row("http", "https://example.org/up/notes", "http://example.org/up/notes",
        u"error URL_SCHEME"_s, 4);
    row("missing file", "up/notes-1.0-linux-x86_64.tar.zst", "up/other.tar.zst", u"error IO"_s, 1);
    row("sha256", "freshen:sha256=\"",
        "freshen:sha256=\"0000000000000000000000000000000000000000"
        "000000000000000000000000\" was=\"",
        u"error HASH"_s, 4);
    row("no sha256", "freshen:sha256=\"", "was=\"", u"error HASH"_s, 4);
    row("length", "length=\"", "length=\"1", u"error SIZE"_s, 4);
    row("no length", "length=\"", "was=\"", u"error NO_USABLE_ITEM"_s, 1);
    row("edSignature", "edSignature=\"", "edSignature=\"AAAA\" was=\"", u"error SIGNATURE"_s, 4);
    row("no manifest", "<freshen:manifest", "<freshen:other", u"error MANIFEST"_s, 4);
    row("no stamp", "<freshen:feed", "<freshen:other", u"error CONFIG"_s, 1);
    row("no os", "sparkle:os=\"linux-x64\"", "", u"warning WRONG_PLATFORM"_s, 4);
    row("other os", "linux-x64", "windows-x64", u"error WRONG_PLATFORM"_s, 4);
    row("other arch", "freshen:arch=\"x86_64\"", "freshen:arch=\"arm64\"",
        u"error WRONG_PLATFORM"_s, 4);
    row("other version", "<sparkle:version>1.0<", "<sparkle:version>1.1<", u"error MANIFEST"_s, 4);
    row("other channel", "</item>", "<sparkle:channel>beta</sparkle:channel></item>",
        u"error WRONG_CHANNEL"_s, 4);
    row("item that is skipped", "</channel>", "<item><title>x</title></item></channel>",
        u"error NO_USABLE_ITEM"_s, 1);
    row("not well-formed", "</channel>", "", u"error FEED_PARSE"_s, 1);
    row("foreign prefix", "xmlns:sparkle=\"http://www.andymatuschak.org/xml-namespaces/sparkle\"",
        "xmlns:sparkle=\"http://example.org/\"", u"warning CONFIG"_s, 0);
    row("undeclared prefix",
        "xmlns:sparkle=\"http://www.andymatuschak.org/xml-namespaces/sparkle\"", "",
        u"warning CONFIG"_s, 0);
    row("prefix of another name", "<item>", "<item xmlns:sparkle=\"http://example.org/\">",
        u"warning CONFIG"_s, 0);
    row("another prefix", "<sparkle:version>1.0</sparkle:version>",
        "<s:version "
        "xmlns:s=\"http://www.andymatuschak.org/xml-namespaces/sparkle\">1.0</s:version>",
        u"warning CONFIG"_s, 0);
    row("DSA alone", "edSignature=\"", "dsaSignature=\"", u"error SIGNATURE"_s, 4);
    row("condition that nobody knows", "</item>",
        "<freshen:mustUnderstand>rollout moonPhase</freshen:mustUnderstand></item>",
        u"error NO_USABLE_ITEM"_s, 1);
    row("malformed rollout", "</item>", "<freshen:rollout percent=\"101\"/></item>",
        u"error NO_USABLE_ITEM"_s, 1);
    row("malformed deadline", "</item>", "<freshen:deadline at=\"soon\"/></item>",
        u"error NO_USABLE_ITEM"_s, 1);
    row("deadline of nothing critical", "</item>",
        "<freshen:deadline at=\"2026-11-22T10:00:00Z\"/></item>", u"warning CONFIG"_s, 0);
    row("withdrawn and there", "<item>", "<freshen:withdrawn version=\"1.0\"/><item>",
        u"warning CONFIG"_s, 0);
    row("withdrawn in other words", "<item>", "<freshen:withdrawn version=\"1.0.0\"/><item>",
        u"warning CONFIG"_s, 0);
    row("withdrawn without a version", "<item>", "<freshen:withdrawn/><item>",
        u"error NO_USABLE_ITEM"_s, 1);
    row("issued later", "issued=\"2027", "issued=\"2028", u"error CLOCK"_s, 4);
}

// Signed again after the edit, so that nothing but the edit is wrong.
void TestLint::editedFeeds()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    QFETCH(QString, problem);
    QFETCH(int, status);
    QByteArray feed = readWholeFile(m_site->feed());
    QVERIFY(feed.contains(before));
    writeTextFile(m_site->feed(), feed.replace(before, after));
    QCOMPARE(appcastTool({u"sign"_s, u"--key"_s, m_site->keyFile(), m_site->feed()}).status, 0);
    const Finished answer = m_site->lint();
    QVERIFY2(problems(answer).contains(problem), answer.out.constData());
    QVERIFY(!problems(answer).contains(u"error FEED_SIGNATURE"_s));
    QCOMPARE(answer.status, status);
}

void TestLint::damagedFiles_data()
{
    QTest::addColumn<QString>("ending");
    QTest::addColumn<QString>("problem");
    QTest::newRow("package") << u".tar.zst"_s << u"error HASH"_s;
    QTest::newRow("package's signature") << u".tar.zst"_s << u"error SIGNATURE"_s;
    QTest::newRow("manifest") << u".manifest"_s << u"error HASH"_s;
    QTest::newRow("manifest's signature") << u".manifest"_s << u"error SIGNATURE"_s;
    QTest::newRow("signature") << u".manifest.minisig"_s << u"error SIGNATURE"_s;
}

void TestLint::damagedFiles()
{
    QFETCH(QString, ending);
    QFETCH(QString, problem);
    QByteArray content = readWholeFile(base() + ending);
    content[content.size() / 2] = char(content[content.size() / 2] ^ 1);
    writeTextFile(base() + ending, content);
    const Finished answer = m_site->lint();
    QVERIFY2(problems(answer).contains(problem), answer.out.constData());
    QCOMPARE(answer.status, 4);
}

void TestLint::unsignedFeed()
{
    const QByteArray feed = readWholeFile(m_site->feed());
    writeTextFile(m_site->feed(), feed.left(feed.indexOf("<!-- freshen-signatures")));
    QCOMPARE(problems(m_site->lint()), QStringList{u"error FEED_UNSIGNED"_s});
    const Finished keyless = appcastTool({u"lint"_s, u"--json"_s, m_site->folder()});
    QCOMPARE(keyless.status, 4);
    QCOMPARE(problems(keyless), QStringList{u"error FEED_UNSIGNED"_s});
}

void TestLint::wrongKey()
{
    const QString other = QString::fromStdString(testKey('b').publicKey().toSparkle());
    const Finished answer = appcastTool(
        {u"lint"_s, u"--json"_s, u"--public-key"_s, other, m_site->folder()});
    QCOMPARE(answer.status, 4);
    QVERIFY(problems(answer).contains(u"error FEED_SIGNATURE"_s));
    QVERIFY(problems(answer).contains(u"error SIGNATURE"_s));
}

void TestLint::expiry_data()
{
    QTest::addColumn<qint64>("now");
    QTest::addColumn<QStringList>("found");
    const qint64 day = 86400;
    const qint64 expires = 1'800'000'000 + 90 * day;
    QTest::newRow("fresh") << expires - 8 * day << QStringList();
    QTest::newRow("soon") << expires - 3 * day << QStringList{u"warning STALE"_s};
    QTest::newRow("now") << expires << QStringList{u"error STALE"_s};
    QTest::newRow("later") << expires + day << QStringList{u"error STALE"_s};
}

void TestLint::expiry()
{
    QFETCH(qint64, now);
    QFETCH(QStringList, found);
    QCOMPARE(problems(m_site->lint({}, now)), found);
}

void TestLint::noFeed()
{
    writeTextFile(m_site->feed(), "<html></html>");
    QCOMPARE(m_site->lint().errorCode(), u"FEED_PARSE"_s);
    QFile::remove(m_site->feed());
    QCOMPARE(m_site->lint().errorCode(), u"IO"_s);
}

void TestLint::secretKeyBesideTheFeed()
{
    QVERIFY(QFile::copy(m_site->keyFile(), m_site->folder() + u"/notes.txt"_s));
    const Finished answer = m_site->lint();
    QCOMPARE(problems(answer), QStringList{u"error SECRET"_s});
    QCOMPARE(answer.status, 4);
}

// Compressed, so that the package's own bytes do not show it.
void TestLint::vuln041_seedInsideAPackage_data()
{
    QTest::addColumn<QString>("ending");
    for (const char *ending : {".tar.zst", ".tar.xz", ".tar.gz", ".zip"})
        QTest::newRow(ending) << QString::fromLatin1(ending);
}

void TestLint::vuln041_seedInsideAPackage()
{
    QFETCH(QString, ending);
    const auto trusting = [](char seed) {
        return QStringList{u"--public-key"_s,
                           QString::fromStdString(testKey(seed).publicKey().toSparkle())};
    };
    writeTextFile(m_site->path(u"tree/share/settings"_s),
                  "VITE_KEY=" + QByteArray::fromStdString(testKey('b').toText()) + '\n');
    QCOMPARE(m_site->pack(u"2.0"_s, {}, ending).status, 0);
    QCOMPARE(m_site->generate().status, 0);
    QCOMPARE(problems(m_site->lint()), QStringList());
    QCOMPARE(problems(m_site->lint(trusting('c'))), QStringList());
    const Finished answer = m_site->lint(trusting('b'));
    QCOMPARE(problems(answer), QStringList{u"error SECRET"_s});
    QVERIFY(answer.out.contains("share/settings"));
    QCOMPARE(answer.status, 4);
}

// On Linux both names are fine, so it is no error there.
void TestLint::h11_twinsInATreeForLinux()
{
    writeTextFile(m_site->path(u"tree/share/Read me"_s), "one");
    writeTextFile(m_site->path(u"tree/share/READ ME"_s), "other");
    QCOMPARE(m_site->pack(u"2.0"_s).status, 0);
    QCOMPARE(m_site->generate().status, 0);
    const Finished answer = m_site->lint();
    QCOMPARE(problems(answer), QStringList{u"warning MANIFEST"_s});
    QVERIFY2(answer.out.contains("share/Read me"), answer.out);
    QCOMPARE(answer.status, 0);
}

void TestLint::httpWhereItIsAllowed()
{
    QByteArray feed = readWholeFile(m_site->feed());
    writeTextFile(m_site->feed(), feed.replace("https://example.org/up", "http://example.org/up"));
    QCOMPARE(appcastTool({u"sign"_s, u"--key"_s, m_site->keyFile(), m_site->feed()}).status, 0);
    QCOMPARE(m_site->lint().status, 4);
    QCOMPARE(m_site->lint({u"--allow-http"_s}).status, 0);
}

QTEST_GUILESS_MAIN(TestLint)
#include "tst_lint.moc"
