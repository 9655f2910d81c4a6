// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Feeds that are published under a root, and the way from one key to the next.

#include "tests/auto/publisher/publishing.h"
#include "tests/support/resultcheck.h"

#include "lib/common/convert.h"
#include "lib/feed/appcastreader.h"
#include "lib/feed/feedsignature.h"
#include "lib/feed/selection.h"
#include "lib/package/packagereader.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 today = 1'800'000'000;
constexpr qint64 year = 366LL * 24 * 60 * 60;

QString publicText(char seed)
{
    return QString::fromStdString(testKey(seed).publicKey().toSparkle());
}

} // namespace

class TestPublishedRoots : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_site = std::make_unique<Site>(); }
    void acc102_bridge();
    void acc102_noBridge();
    void acc102_feedThatNobodyOldCanVerify();
    void acc102_supportedFromAndForce();
    void newPackageOfAnOldKeyIsRefused();
    void seedOfTheFeedKeyInsideAPackage();
    void feedNamesTheNewestRoot();
    void feedIsSignedByTheRole();
    void feedIsSignedByTheRole_data();
    void thresholdAcrossPeople();
    void acc100_expiredRoot();
    void brokenChain();
    void refreshAfterARotation();
    void signatureThatTheRootDoesNotName();
    void lintChecksTheRoots();
    void packWithARoot();
    void packWithARootThatDoesNotFit_data();
    void packWithARootThatDoesNotFit();
    void acc100_packWithAnExpiredRoot();
    void acc102_rootsNeedNoBridge();
    void acc102_bridgeToARoot();
    void acc102_rootOfAnotherChain();

private:
    QString keyFile(char seed) const
    {
        const QString path = m_site->path(QChar::fromLatin1(seed) + u".key"_s);
        writeTextFile(path, QByteArray::fromStdString(testKey(seed).toText()), 0600);
        return path;
    }
    // The options with which one key packs and others are trusted.
    QStringList packedBy(char signer, const QByteArray &trusted) const
    {
        QStringList options = {u"--key"_s, keyFile(signer)};
        for (const char seed : trusted)
            options += {u"--public-key"_s, publicText(seed)};
        return options;
    }
    Finished pack(const QString &version, char signer, const QByteArray &trusted) const
    {
        return m_site->pack(version, packedBy(signer, trusted));
    }
    Finished packWithRoot(const QString &version, char signer, const QString &file,
                          const QStringList &options = {}) const
    {
        return m_site->pack(
            version, packedBy(signer, {}) + QStringList{u"--root"_s, file, u"--json"_s} + options);
    }
    // The next root, after these changes.
    void rotate(int version, const QStringList &changes) const
    {
        QCOMPARE(root(QStringList{u"rotate"_s} + changes + QStringList{m_site->folder()}).status,
                 0);
        signRoot(version);
    }
    // The key for packages, those for the feed, and what else there is to say.
    Finished generate(char release, const QByteArray &feed, const QStringList &options = {},
                      qint64 now = today) const
    {
        QStringList arguments = {u"generate"_s,    u"--json"_s,     u"--key"_s,
                                 keyFile(release), u"--base-url"_s, u"https://example.org/up"_s};
        for (const char seed : feed)
            arguments += {u"--feed-key"_s, keyFile(seed)};
        return appcastTool(arguments + options + QStringList{m_site->folder()}, now);
    }
    Finished root(const QStringList &arguments) const
    {
        return appcastTool(QStringList{u"root"_s} + arguments, today);
    }
    // Root key z; these feed keys, of which so many have to sign; release keys a and r.
    void makeRoot(const QByteArray &feed, int threshold, const QStringList &options = {}) const
    {
        QStringList arguments = {u"init"_s,
                                 u"--product"_s,
                                 u"org.example.notes"_s,
                                 u"--root-key"_s,
                                 publicText('z'),
                                 u"--threshold"_s,
                                 u"feed=%1"_s.arg(threshold),
                                 u"--release-key"_s,
                                 publicText('a'),
                                 u"--release-key"_s,
                                 publicText('r')};
        for (const char seed : feed)
            arguments += {u"--feed-key"_s, publicText(seed)};
        QCOMPARE(root(arguments + options + QStringList{m_site->folder()}).status, 0);
        signRoot(1);
    }
    void signRoot(int version) const
    {
        QCOMPARE(root({u"sign"_s, u"--key"_s, keyFile('z'), rootFile(version)}).status, 0);
    }
    QString rootFile(int version) const { return m_site->folder() + u"/%1.root"_s.arg(version); }
    // "error CODE" for each thing that lint finds.
    QStringList problems(qint64 now = today) const
    {
        const QJsonArray found = appcastTool({u"lint"_s, u"--json"_s, m_site->folder()}, now)
                                     .json()[u"problems"_s]
                                     .toArray();
        QStringList result;
        for (const QJsonValue &problem : found)
            result += problem[u"level"_s].toString() + u' ' + problem[u"code"_s].toString();
        return result;
    }
    QByteArray feed() const { return readWholeFile(m_site->feed()); }
    // The feed, if these keys are trusted.
    Result<Appcast> feedFor(const QByteArray &trusted, std::size_t threshold = 1) const;
    QString offeredTo(const QString &version, const QByteArray &trusted) const;

    std::unique_ptr<Site> m_site;
};

Result<Appcast> TestPublishedRoots::feedFor(const QByteArray &trusted, std::size_t threshold) const
{
    std::vector<Trust::PublicKey> keys;
    for (const char seed : trusted)
        keys.push_back(testKey(seed).publicKey());
    const auto verified = verifyFeed(feed(), keys, FeedTrust::Required, threshold);
    if (!verified)
        return failure(verified);
    return readAppcast(verified->content, QUrl(u"https://example.org/up/appcast.xml"_s));
}

// What a client of this version, which trusts these keys, takes from the feed.
QString TestPublishedRoots::offeredTo(const QString &version, const QByteArray &trusted) const
{
    const auto appcast = feedFor(trusted);
    if (!appcast)
        return toQString(errorCodeName(appcast.error().code));
    ClientConditions client;
    client.installedVersion = version;
    client.os = u"linux"_s;
    client.arch = u"x86_64"_s;
    const Selection selection = selectItem(*appcast, client);
    return selection.item ? selection.item->version : selection.reason;
}

// 1.0 knows key A, the bridge 1.1 is by A and knows B as well, 2.0 is by B.
void TestPublishedRoots::acc102_bridge()
{
    QCOMPARE(pack(u"1.0"_s, 'a', "a").status, 0);
    QCOMPARE(generate('a', {}).status, 0);
    QCOMPARE(pack(u"1.1"_s, 'a', "ab").status, 0);
    QCOMPARE(generate('a', {}).status, 0);
    QCOMPARE(pack(u"2.0"_s, 'b', "b").status, 0);
    const QStringList old = {u"--old-public-key"_s, publicText('a')};
    const Finished bridged = generate('b', "ab", old);
    QVERIFY2(bridged.status == 0, bridged.out.constData());
    // Each goes its way: to the bridge first.
    QCOMPARE(offeredTo(u"1.0"_s, "a"), u"1.1"_s);
    QCOMPARE(offeredTo(u"1.1"_s, "ab"), u"2.0"_s);
    QCOMPARE(offeredTo(u"2.0"_s, "b"), u"up-to-date"_s);
    QCOMPARE(m_site->lint({u"--public-key"_s, publicText('b')}).status, 0);
    // 3.0 needs no bridge of its own.
    QCOMPARE(pack(u"3.0"_s, 'b', "b").status, 0);
    QCOMPARE(generate('b', "ab", old).status, 0);
    QCOMPARE(offeredTo(u"1.0"_s, "a"), u"1.1"_s);
    QCOMPARE(offeredTo(u"1.1"_s, "ab"), u"3.0"_s);
}

void TestPublishedRoots::acc102_noBridge()
{
    QCOMPARE(pack(u"1.0"_s, 'a', "a").status, 0);
    QCOMPARE(generate('a', {}).status, 0);
    const QByteArray before = feed();
    QCOMPARE(pack(u"2.0"_s, 'b', "b").status, 0);
    const Finished answer = generate('b', "ab", {u"--old-public-key"_s, publicText('a')});
    QCOMPARE(answer.status, 4);
    QCOMPARE(answer.errorCode(), u"NO_BRIDGE"_s);
    QVERIFY(answer.out.contains("Version 1.0"));
    QVERIFY(answer.out.contains("--public-key OLD --public-key NEW"));
    QCOMPARE(feed(), before);
}

void TestPublishedRoots::acc102_feedThatNobodyOldCanVerify()
{
    QCOMPARE(pack(u"1.0"_s, 'a', "a").status, 0);
    QCOMPARE(pack(u"1.1"_s, 'a', "ab").status, 0);
    QCOMPARE(generate('a', {}).status, 0);
    QCOMPARE(pack(u"2.0"_s, 'b', "b").status, 0);
    // The bridge is there, but 1.0 could not read of it.
    const Finished answer = generate('b', {}, {u"--old-public-key"_s, publicText('a')});
    QCOMPARE(answer.errorCode(), u"NO_BRIDGE"_s);
    QVERIFY(answer.out.contains("Version 1.0"));
    QVERIFY(answer.out.contains("--feed-key"));
}

void TestPublishedRoots::acc102_supportedFromAndForce()
{
    QCOMPARE(pack(u"1.0"_s, 'a', "a").status, 0);
    QCOMPARE(pack(u"1.1"_s, 'a', "ab").status, 0);
    QCOMPARE(generate('a', {}).status, 0);
    QCOMPARE(pack(u"2.0"_s, 'b', "b").status, 0);
    const QStringList old = {u"--old-public-key"_s, publicText('a')};
    QCOMPARE(generate('b', {}, old + QStringList{u"--supported-from"_s, u"1.0"_s}).errorCode(),
             u"NO_BRIDGE"_s);
    QCOMPARE(generate('b', {}, old + QStringList{u"--supported-from"_s, u"1.1"_s}).status, 0);
    QCOMPARE(pack(u"2.1"_s, 'b', "b").status, 0);
    QCOMPARE(generate('b', {}, old).errorCode(), u"NO_BRIDGE"_s);
    const Finished forced = generate('b', {}, old + QStringList{u"--force"_s});
    QCOMPARE(forced.status, 0);
    QVERIFY(forced.json()[u"warnings"_s].toArray().first().toString().contains(u"Version 1.0"_s));
}

// Its enclosure would carry another signature than its manifest.
void TestPublishedRoots::newPackageOfAnOldKeyIsRefused()
{
    QCOMPARE(pack(u"1.0"_s, 'a', "ab").status, 0);
    const Finished answer = generate('b', "ab", {u"--old-public-key"_s, publicText('a')});
    QCOMPARE(answer.errorCode(), u"SIGNATURE"_s);
    QVERIFY(!QFileInfo::exists(m_site->feed()));
}

void TestPublishedRoots::seedOfTheFeedKeyInsideAPackage()
{
    writeTextFile(m_site->path(u"tree/share/settings"_s),
                  "KEY=" + QByteArray::fromStdString(testKey('f').toText()));
    QCOMPARE(pack(u"1.0"_s, 'a', "af").status, 0);
    const Finished answer = generate('a', "af");
    QCOMPARE(answer.status, 4);
    QCOMPARE(answer.errorCode(), u"SECRET"_s);
    QVERIFY(answer.out.contains("share/settings"));
    QVERIFY(!QFileInfo::exists(m_site->feed()));
}

void TestPublishedRoots::feedNamesTheNewestRoot()
{
    QCOMPARE(pack(u"1.0"_s, 'a', "af").status, 0);
    makeRoot("f", 1);
    QCOMPARE(generate('a', "f").status, 0);
    QCOMPARE(feedFor("f")->stamp->root, quint64(1));
    const QByteArray before = feed();
    QCOMPARE(generate('a', "f", {}, today + 60).json()[u"result"_s].toString(), u"unchanged"_s);
    QCOMPARE(feed(), before);
    // A new root is news, though no package is.
    QCOMPARE(root({u"rotate"_s, m_site->folder()}).status, 0);
    signRoot(2);
    QCOMPARE(generate('a', "f", {}, today + 60).json()[u"result"_s].toString(), u"written"_s);
    QCOMPARE(feedFor("f")->stamp->root, quint64(2));
    QCOMPARE(feedFor("f")->stamp->version, quint64(today + 1));
}

void TestPublishedRoots::feedIsSignedByTheRole_data()
{
    QTest::addColumn<QByteArray>("feedKeys");
    QTest::addColumn<QString>("code"); // empty: accepted
    QTest::newRow("both") << QByteArray("fg") << QString();
    QTest::newRow("both and one for plain clients") << QByteArray("afg") << QString();
    QTest::newRow("one") << QByteArray("f") << u"KEY"_s;
    QTest::newRow("one twice") << QByteArray("ff") << u"KEY"_s;
    QTest::newRow("one and a stranger") << QByteArray("fx") << u"KEY"_s;
    QTest::newRow("strangers") << QByteArray("xy") << u"KEY"_s;
    QTest::newRow("release key") << QByteArray() << u"KEY"_s;
}

void TestPublishedRoots::feedIsSignedByTheRole()
{
    QFETCH(QByteArray, feedKeys);
    QFETCH(QString, code);
    QCOMPARE(pack(u"1.0"_s, 'a', "afg").status, 0);
    makeRoot("fgh", 2);
    const Finished answer = generate('a', feedKeys);
    QCOMPARE(answer.errorCode(), code);
    QCOMPARE(QFileInfo::exists(m_site->feed()), code.isEmpty());
    if (code.isEmpty())
        VERIFY_RESULT(feedFor("fgh", 2));
}

void TestPublishedRoots::thresholdAcrossPeople()
{
    QCOMPARE(pack(u"1.0"_s, 'a', "afg").status, 0);
    makeRoot("fgh", 2);
    QCOMPARE(generate('a', "x", {u"--partly-signed"_s}).errorCode(), u"KEY"_s);
    const Finished partly = generate('a', "f", {u"--partly-signed"_s});
    QCOMPARE(partly.status, 0);
    QVERIFY(partly.json()[u"warnings"_s][0].toString().contains(u"1 more"_s));
    VERIFY_ERROR(feedFor("fgh", 2), ErrorCode::FEED_SIGNATURE);
    const auto add = [&](char seed) {
        return appcastTool(
                   {u"sign"_s, u"--json"_s, u"--add"_s, u"--key"_s, keyFile(seed), m_site->feed()})
            .json()[u"files"_s][0][u"complete"_s];
    };
    QCOMPARE(add('f'), QJsonValue(false));
    QCOMPARE(add('x'), QJsonValue(false)); // whom the root does not name
    QCOMPARE(add('g'), QJsonValue(true));
    VERIFY_RESULT(feedFor("fgh", 2));
    VERIFY_RESULT(feedFor("x"));
}

void TestPublishedRoots::acc100_expiredRoot()
{
    QCOMPARE(pack(u"1.0"_s, 'a', "af").status, 0);
    makeRoot("f", 1);
    QCOMPARE(generate('a', "f").status, 0);
    const QByteArray before = feed();
    QCOMPARE(pack(u"2.0"_s, 'a', "af").status, 0);
    const Finished answer = generate('a', "f", {}, today + year);
    QCOMPARE(answer.errorCode(), u"ROOT_EXPIRED"_s);
    QVERIFY(answer.out.contains("root rotate"));
    const Finished refreshed = appcastTool(
        {u"refresh"_s, u"--json"_s, u"--key"_s, keyFile('f'), m_site->feed()}, today + year);
    QCOMPARE(refreshed.errorCode(), u"ROOT_EXPIRED"_s);
    QCOMPARE(feed(), before);
}

void TestPublishedRoots::brokenChain()
{
    QCOMPARE(pack(u"1.0"_s, 'a', "af").status, 0);
    makeRoot("f", 1);
    QCOMPARE(root({u"rotate"_s, m_site->folder()}).status, 0);
    QCOMPARE(generate('a', "f").errorCode(), u"ROOT_CHAIN"_s); // a draft lies there
    signRoot(2);
    QVERIFY(QFile::rename(rootFile(1), m_site->path(u"1.root"_s)));
    QCOMPARE(generate('a', "f").errorCode(), u"ROOT_CHAIN"_s); // a gap
    QVERIFY(QFile::rename(m_site->path(u"1.root"_s), rootFile(1)));
    writeTextFile(rootFile(1), readWholeFile(rootFile(1)).replace("feed 1", "feed 2"));
    QCOMPARE(generate('a', "f").errorCode(), u"ROOT_CHAIN"_s);
    QVERIFY(!QFileInfo::exists(m_site->feed()));
}

void TestPublishedRoots::refreshAfterARotation()
{
    QCOMPARE(pack(u"1.0"_s, 'a', "afg").status, 0);
    makeRoot("f", 1);
    QCOMPARE(generate('a', "f").status, 0);
    QCOMPARE(root({u"rotate"_s, u"--remove"_s, u"feed="_s + publicText('f'), u"--add"_s,
                   u"feed="_s + publicText('g'), m_site->folder()})
                 .status,
             0);
    signRoot(2);
    const auto refresh = [&](char seed) {
        return appcastTool({u"refresh"_s, u"--json"_s, u"--key"_s, keyFile(seed), m_site->feed()},
                           today + 60);
    };
    QCOMPARE(refresh('f').errorCode(), u"KEY"_s);
    QCOMPARE(refresh('g').status, 0); // what the former key signed is still ours
    QCOMPARE(feedFor("g")->stamp->root, quint64(2));
    writeTextFile(m_site->feed(), feed().replace("<item>", "<item ><!-- -->"));
    QCOMPARE(refresh('g').errorCode(), u"FEED_SIGNATURE"_s);
}

void TestPublishedRoots::signatureThatTheRootDoesNotName()
{
    QCOMPARE(pack(u"1.0"_s, 'a', "af").status, 0);
    makeRoot("f", 1);
    QCOMPARE(generate('a', "f").status, 0);
    const QByteArray before = feed();
    const Finished answer = appcastTool(
        {u"sign"_s, u"--json"_s, u"--key"_s, keyFile('x'), m_site->feed()});
    QCOMPARE(answer.errorCode(), u"KEY"_s);
    QCOMPARE(feed(), before);
}

void TestPublishedRoots::lintChecksTheRoots()
{
    QCOMPARE(pack(u"1.0"_s, 'a', "af").status, 0);
    makeRoot("fgh", 2, {u"--expires"_s, u"200"_s});
    QCOMPARE(generate('a', "fg").status, 0);
    QCOMPARE(problems(), QStringList());
    const qint64 day = 24 * 60 * 60;
    QCOMPARE(problems(today + 180 * day),
             QStringList({u"error STALE"_s, u"warning ROOT_EXPIRED"_s}));
    QCOMPARE(problems(today + 201 * day), QStringList({u"error STALE"_s, u"error ROOT_EXPIRED"_s}));
    // Too few signatures, and by others.
    const QByteArray good = feed();
    writeTextFile(m_site->feed(), signFeed(good, testKey('f')));
    QCOMPARE(problems(), QStringList{u"error FEED_SIGNATURE"_s});
    const std::array<SecretKey, 2> both = {testKey('f'), testKey('g')};
    const auto signedFeed = [&](const QByteArray &before, const QByteArray &after) {
        writeTextFile(m_site->feed(), signFeed(QByteArray(good).replace(before, after), both));
    };
    signedFeed("root=\"1\"", "root=\"2\"");
    QCOMPARE(problems(), QStringList{u"error ROOT_CHAIN"_s});
    signedFeed("root=\"1\"", "");
    QCOMPARE(problems(), QStringList{u"warning ROOT_CHAIN"_s});
    signedFeed("product=\"org.example.notes\"", "product=\"org.example.other\"");
    QCOMPARE(problems(), QStringList{u"error WRONG_PRODUCT"_s});
    writeTextFile(m_site->feed(), good);
    QCOMPARE(problems(), QStringList());
    // No roots at all, or not the first.
    QVERIFY(QFile::rename(rootFile(1), m_site->path(u"1.root"_s)));
    QCOMPARE(problems(), QStringList({u"warning FEED_SIGNATURE"_s, u"error ROOT_CHAIN"_s}));
    QVERIFY(QFile::copy(m_site->path(u"1.root"_s), rootFile(2)));
    QVERIFY(problems().contains(u"error ROOT_CHAIN"_s));
}

void TestPublishedRoots::packWithARoot()
{
    makeRoot("f", 1);
    const Finished packed = packWithRoot(u"1.0"_s, 'r', rootFile(1));
    QVERIFY2(packed.status == 0, packed.out.constData());
    const QString package = m_site->folder() + u"/notes-1.0-linux-x86_64.tar.zst"_s;
    const auto inner = readPackageManifest(package);
    VERIFY_RESULT(inner);
    const auto manifest = Trust::verifiedManifest(toView(inner->text), toView(inner->signature),
                                                  {testKey('r').publicKey()});
    VERIFY_RESULT(manifest);
    const auto json = readPackageFile(package, *manifest, AppDescription::fileName);
    VERIFY_RESULT(json);
    const auto description = AppDescription::parse(*json);
    VERIFY_RESULT(description);
    QVERIFY(description->root.has_value());
    QCOMPARE(QByteArray::fromStdString(description->root->text), readWholeFile(rootFile(1)));
}

void TestPublishedRoots::packWithARootThatDoesNotFit_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<char>("signer");
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("code");
    QTest::newRow("key that may not release")
        << QByteArray() << QByteArray() << 'f' << QStringList() << u"KEY"_s;
    QTest::newRow("stranger") << QByteArray() << QByteArray() << 'x' << QStringList() << u"KEY"_s;
    QTest::newRow("changed") << QByteArray("feed 1") << QByteArray("feed 2") << 'r' << QStringList()
                             << u"ROOT_CHAIN"_s;
    QTest::newRow("not signed") << QByteArray("signatures\n") << QByteArray("signatures") << 'r'
                                << QStringList() << u"ROOT_CHAIN"_s;
    QTest::newRow("other product")
        << QByteArray() << QByteArray() << 'r'
        << QStringList{u"--product"_s, u"org.example.other"_s} << u"CONFIG"_s;
}

void TestPublishedRoots::packWithARootThatDoesNotFit()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    QFETCH(char, signer);
    QFETCH(QStringList, options);
    QFETCH(QString, code);
    makeRoot("f", 1);
    if (!before.isEmpty())
        writeTextFile(rootFile(1), readWholeFile(rootFile(1)).replace(before, after));
    QCOMPARE(packWithRoot(u"1.0"_s, signer, rootFile(1), options).errorCode(), code);
    QVERIFY(!QFileInfo::exists(m_site->folder() + u"/notes-1.0-linux-x86_64.tar.zst"_s));
}

void TestPublishedRoots::acc100_packWithAnExpiredRoot()
{
    const QString tool = u"root"_s;
    QCOMPARE(appcastTool({tool, u"init"_s, u"--product"_s, u"org.example.notes"_s, u"--root-key"_s,
                          publicText('z'), u"--feed-key"_s, publicText('f'), u"--release-key"_s,
                          publicText('r'), m_site->folder()},
                         today - year)
                 .status,
             0);
    QCOMPARE(
        appcastTool({tool, u"sign"_s, u"--key"_s, keyFile('z'), rootFile(1)}, today - year).status,
        0);
    const Finished answer = packWithRoot(u"1.0"_s, 'r', rootFile(1));
    QCOMPARE(answer.errorCode(), u"ROOT_EXPIRED"_s);
    QVERIFY(answer.out.contains("root rotate"));
}

// Whoever knows a root follows it to the keys that came later.
void TestPublishedRoots::acc102_rootsNeedNoBridge()
{
    makeRoot("f", 1);
    QCOMPARE(packWithRoot(u"1.0"_s, 'r', rootFile(1)).status, 0);
    QCOMPARE(generate('r', "f").status, 0);
    rotate(2,
           {u"--remove"_s, u"release="_s + publicText('r'), u"--add"_s,
            u"release="_s + publicText('s'), u"--remove"_s, u"feed="_s + publicText('f'),
            u"--add"_s, u"feed="_s + publicText('g')});
    QCOMPARE(packWithRoot(u"2.0"_s, 's', rootFile(2)).status, 0);
    const Finished answer = generate('s', "g");
    QVERIFY2(answer.status == 0, answer.out.constData());
    QVERIFY(!feed().contains("minimumUpdateVersion"));
    QCOMPARE(problems(), QStringList());
    // A package by a key that the roots do not name would be refused by all.
    QCOMPARE(pack(u"3.0"_s, 'x', "x").status, 0);
    QCOMPARE(generate('x', "g").errorCode(), u"NO_BRIDGE"_s);
}

// 1.0 knows one key; the bridge is by this key and carries the root.
void TestPublishedRoots::acc102_bridgeToARoot()
{
    QCOMPARE(pack(u"1.0"_s, 'a', "a").status, 0);
    QCOMPARE(generate('a', {}).status, 0);
    makeRoot("f", 1);
    QCOMPARE(packWithRoot(u"1.1"_s, 'a', rootFile(1)).status, 0);
    QCOMPARE(generate('a', "f").errorCode(), u"NO_BRIDGE"_s); // 1.0 does not know f
    const QStringList old = {u"--old-public-key"_s, publicText('a')};
    QCOMPARE(generate('a', "af", old).status, 0);
    QCOMPARE(packWithRoot(u"2.0"_s, 'r', rootFile(1)).status, 0);
    QCOMPARE(generate('r', "af", old).status, 0);
    QCOMPARE(offeredTo(u"1.0"_s, "a"), u"1.1"_s);
    QCOMPARE(offeredTo(u"1.1"_s, "f"), u"2.0"_s);
}

// What is installed began with roots that the folder no longer has.
void TestPublishedRoots::acc102_rootOfAnotherChain()
{
    makeRoot("f", 1);
    QCOMPARE(packWithRoot(u"1.0"_s, 'r', rootFile(1)).status, 0);
    QVERIFY(QFile::remove(rootFile(1)));
    makeRoot("fg", 1);
    QCOMPARE(generate('r', "f").errorCode(), u"NO_BRIDGE"_s);
}

QTEST_GUILESS_MAIN(TestPublishedRoots)
#include "tst_publishedroots.moc"
