// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// tuf-conformance, what it has about its timestamp, snapshot and targets roles: all three are the
// one signed feed here.

#include "tests/auto/conformance/scene.h"

#include "lib/common/convert.h"
#include "lib/transfer/download.h"
#include "tests/support/waituntil.h"
#include "updater-helper/trust/text.h"

#include <QFile>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestFeeds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_scene = std::make_unique<Scene>(); }
    void tuf_refusedFeeds_data();
    void tuf_refusedFeeds();
    void tuf_test_timestamp_404();
    void tuf_test_expired_local_timestamp();
    void tuf_test_new_timestamp_version_rollback();
    void tuf_test_targets_rollback();
    void tuf_fastForwardRecovery_data();
    void tuf_fastForwardRecovery();
    void acc033_otherKeysDoNotResetTheCount_data();
    void acc033_otherKeysDoNotResetTheCount();
    void tuf_test_snapshot_does_not_meet_threshold();
    void tuf_test_invalid_sig_in_valid_metadata();
    void tuf_test_keytype_and_scheme_data();
    void tuf_test_keytype_and_scheme();
    void trailerLinesDecideNothing();
    void appWithoutARootGoesOnCounting();
    void tuf_test_client_downloads_expected_file_data();
    void tuf_test_client_downloads_expected_file();
    void tuf_test_artifact_cache();
    void tuf_test_repository_substitutes_target_file();
    void tuf_test_multiple_changes_to_target();

private:
    void servePackage(const QByteArray &announced, const QByteArray &served, quint64 counter);
    QByteArray download();
    QByteArray downloaded() const;

    std::unique_ptr<Scene> m_scene;
};

void TestFeeds::tuf_refusedFeeds_data()
{
    QTest::addColumn<QByteArray>("feed");
    QTest::addColumn<QByteArray>("code");
    const auto row = [](const char *name, const QByteArray &feed, const char *code) {
        QTest::newRow(name) << feed << QByteArray(code);
    };
    row("test_unsigned_metadata[timestamp]", feedText({.counter = 6, .signers = {}}),
        "FEED_UNSIGNED");
    QByteArray changed = feedText({.counter = 5, .version = "3.0"});
    row("test_timestamp_content_changes", changed, "FEED_CHANGED");
    row("test_timestamp_eq_versions_check",
        feedText({.counter = 5, .expires = "2026-12-31T00:00:01Z"}), "FEED_CHANGED");
    row("test_targets_role_removal",
        signFeed(withoutTrailers(feedText({.counter = 5}))
                     .replace("<item>", "<!--")
                     .replace("</item>", "-->"),
                 keyNumber(1)),
        "FEED_CHANGED");
    row("test_timestamp_expired",
        feedText({.counter = 6, .expires = "2026-11-22T11:00:00Z"}), "STALE");
    row("test_snapshot_rollback[basic]", feedText({.counter = 4}), "ROLLBACK");
    row("test_snapshot_rollback[with hashes]",
        feedText({.counter = 4, .expires = "2027-12-31T00:00:00Z", .version = "9.0"}), "ROLLBACK");
    row("test_incorrect_metadata_type[timestamp]", signFeed(rootText({.signers = {0, 1}}),
                                                            keyNumber(1)),
        "FEED_PARSE");
    row("test_duplicate_sig_keyids", feedText({.counter = 6}).replace(
            "<!-- freshen-signatures:\n",
            "<!-- freshen-signatures:\n"
                + feedText({.counter = 6}).split('\n').at(2) + '\n'),
        "FEED_SIGNATURE");
    row("acc034 signed by the release's key", feedText({.counter = 6, .signers = {2}}),
        "FEED_SIGNATURE");
    row("acc034 signed by the root's key", feedText({.counter = 6, .signers = {0}}),
        "FEED_SIGNATURE");
    row("other product", feedText({.counter = 6, .product = "org.example.other"}),
        "WRONG_PRODUCT");
}

void TestFeeds::tuf_refusedFeeds()
{
    QFETCH(QByteArray, feed);
    QFETCH(QByteArray, code);
    m_scene->serve(FeedPlan{.counter = 5});
    QCOMPARE(m_scene->check(), QByteArray());
    m_scene->serve(Scene::feedPath, feed);
    for (int run = 0; run < 2; ++run) {
        QCOMPARE(m_scene->check(), code);
        QVERIFY(!m_scene->outcome().selection.item);
        QCOMPARE(m_scene->keptCounter({{1}}), 5u);
    }
    m_scene->serve(FeedPlan{.counter = 6});
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptCounter({{1}}), 6u);
}

void TestFeeds::tuf_test_timestamp_404()
{
    m_scene->serve(FeedPlan{.counter = 5});
    QCOMPARE(m_scene->check(), QByteArray());
    m_scene->answer(Scene::feedPath, 404);
    QCOMPARE(m_scene->check(), "HTTP_STATUS");
    QCOMPARE(m_scene->keptCounter({{1}}), 5u);
}

void TestFeeds::tuf_test_expired_local_timestamp()
{
    m_scene->serve(FeedPlan{.counter = 5, .expires = "2026-11-24T00:00:00Z"});
    QCOMPARE(m_scene->check(), QByteArray());
    m_scene->request.client.now = m_scene->request.client.now.addDays(18);
    QCOMPARE(m_scene->check(), "STALE");
    m_scene->serve(FeedPlan{.counter = 6});
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptCounter({{1}}), 6u);
}

// vuln046: the count that is compared with is the one on the disk, and it is kept only afterwards.
void TestFeeds::tuf_test_new_timestamp_version_rollback()
{
    m_scene->serve(FeedPlan{.counter = 2});
    QCOMPARE(m_scene->check(), QByteArray());
    m_scene->serve(FeedPlan{.counter = 1});
    for (int run = 0; run < 2; ++run) {
        QCOMPARE(m_scene->check(), "ROLLBACK");
        QCOMPARE(m_scene->requests().last(), Scene::feedPath);
        QCOMPARE(m_scene->keptCounter({{1}}), 2u);
    }
}

// A newer feed with an older release: nothing is offered, and the count goes on.
void TestFeeds::tuf_test_targets_rollback()
{
    m_scene->request.client.installedVersion = u"2.0"_s;
    m_scene->serve(FeedPlan{.counter = 2, .version = "1.5"});
    QCOMPARE(m_scene->check(), QByteArray());
    QVERIFY(!m_scene->outcome().selection.item);
    QCOMPARE(m_scene->outcome().selection.reason, u"newer-than-feed"_s);
    QCOMPARE(m_scene->keptCounter({{1}}), 2u);
}

void TestFeeds::tuf_fastForwardRecovery_data()
{
    QTest::addColumn<QList<int>>("keys");
    QTest::addColumn<int>("threshold");
    QTest::newRow("test_new_timestamp_fast_forward_recovery") << QList<int>{4} << 1;
    QTest::newRow("test_new_snapshot_fast_forward_recovery") << QList<int>{4, 5} << 2;
    QTest::newRow("test_new_targets_fast_forward_recovery") << QList<int>{1, 4} << 1;
}

// acc033: whoever stole the feed's key counted to the end of the world.
void TestFeeds::tuf_fastForwardRecovery()
{
    QFETCH(QList<int>, keys);
    QFETCH(int, threshold);
    const quint64 last = 18446744073709551615u;
    m_scene->serve(FeedPlan{.counter = last});
    QCOMPARE(m_scene->check(), QByteArray());
    m_scene->serve(FeedPlan{.counter = 3});
    QCOMPARE(m_scene->check(), "ROLLBACK");
    RootPlan second;
    second.version = 2;
    second.feed = {keys, threshold};
    m_scene->serve(second);
    m_scene->serve(FeedPlan{.counter = 3, .signers = keys});
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptCounter(second.feed), 3u);
    QCOMPARE(m_scene->keptCounter({{1}}), last);
    m_scene->serve(FeedPlan{.counter = 2, .signers = keys});
    QCOMPARE(m_scene->check(), "ROLLBACK");
}

void TestFeeds::acc033_otherKeysDoNotResetTheCount_data()
{
    QTest::addColumn<QList<int>>("root");
    QTest::addColumn<QList<int>>("release");
    QTest::newRow("the same ones") << QList<int>{0} << QList<int>{2};
    QTest::newRow("root's") << QList<int>{6} << QList<int>{2};
    QTest::newRow("release's") << QList<int>{0} << QList<int>{6};
}

void TestFeeds::acc033_otherKeysDoNotResetTheCount()
{
    QFETCH(QList<int>, root);
    QFETCH(QList<int>, release);
    m_scene->serve(FeedPlan{.counter = 5});
    QCOMPARE(m_scene->check(), QByteArray());
    RootPlan second;
    second.version = 2;
    second.root = {root};
    second.release = {release};
    second.signers = {0, 6};
    m_scene->serve(second);
    m_scene->serve(FeedPlan{.counter = 4});
    QCOMPARE(m_scene->check(), "ROLLBACK");
    QCOMPARE(m_scene->keptVersion(), 2u);
}

void TestFeeds::tuf_test_snapshot_does_not_meet_threshold()
{
    RootPlan second;
    second.version = 2;
    second.feed = {{4, 5, 6}, 3};
    m_scene->serve(second);
    m_scene->serve(FeedPlan{.counter = 6, .signers = {4, 5}});
    QCOMPARE(m_scene->check(), "FEED_SIGNATURE");
    QVERIFY(m_scene->message().find("2 of the 3 keys") != std::string::npos);
    QCOMPARE(m_scene->keptVersion(), 2u);
    m_scene->serve(FeedPlan{.counter = 6, .signers = {4, 5, 6}});
    QCOMPARE(m_scene->check(), QByteArray());
}

// In the name of a key that nobody here knows, and, in a root, in that of a known one.
void TestFeeds::tuf_test_invalid_sig_in_valid_metadata()
{
    RootPlan second;
    second.version = 2;
    second.root = {{0, 3}};
    second.signers = {0, 3};
    const QByteArray root = rootText(second);
    const QByteArray wrong = root.split('\n').at(9).mid(17); // key 0's
    const QByteArray right = root.split('\n').at(10).mid(17); // key 3's
    QByteArray spoilt = root;
    spoilt.replace(right, wrong);
    QVERIFY(spoilt != root);
    m_scene->serve(u"/2.root"_s, spoilt);
    QByteArray feed = feedText({.signers = {1}});
    const QByteArray line = feed.split('\n').at(2);
    feed.replace(line, QByteArray(16, '0') + line.mid(16).replace(1, 4, "AAAA") + '\n' + line);
    const auto sparkle = feed.indexOf("<!-- sparkle-signatures:");
    feed.replace("length: " + QByteArray::number(feedText({.signers = {1}})
                                                     .indexOf("<!-- sparkle-signatures:")),
                 "length: " + QByteArray::number(sparkle));
    m_scene->serve(Scene::feedPath, feed);
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptVersion(), 2u);
    QCOMPARE(m_scene->keptCounter({{1}}), 1u);
}

void TestFeeds::tuf_test_keytype_and_scheme_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("code");
    const QByteArray ours = QByteArray::fromStdString(keyNumber(4).publicKey().toSparkle());
    const QByteArray refused = "ROOT_CHAIN";
    QTest::newRow("ed25519") << ours << QByteArray();
    // A point of P-256, and a modulus of 2048 bits.
    QTest::newRow("ecdsa") << ('\x04' + QByteArray(64, '\x5a')).toBase64() << refused;
    QTest::newRow("rsa") << QByteArray(256, '\x5a').toBase64() << refused;
    QTest::newRow("acc035 small order") << QByteArray(32, '\0').toBase64() << refused;
}

void TestFeeds::tuf_test_keytype_and_scheme()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, code);
    RootPlan second;
    second.version = 2;
    second.feed = {{4}};
    const QByteArray ours = QByteArray::fromStdString(keyNumber(4).publicKey().toSparkle());
    QByteArray text = rootText(second);
    text = text.left(text.indexOf("signatures\n")).replace(ours, key);
    const auto signature = keyNumber(0).sign(toBytes("freshen-root-1\n" + text));
    text += "signatures\n" + QByteArray::fromStdString(keyNumber(0).publicKey().idHex()) + ' '
        + QByteArray::fromStdString(Trust::toBase64(signature.data(), signature.size())) + '\n';
    m_scene->serve(u"/2.root"_s, text);
    m_scene->serve(FeedPlan{.signers = {4}});
    QCOMPARE(m_scene->check(), code);
    QCOMPARE(m_scene->keptVersion(), code.isEmpty() ? 2u : 1u);
}

// Nobody signs their order, so a mirror must not choose the record with it.
void TestFeeds::trailerLinesDecideNothing()
{
    QCOMPARE(m_scene->embed(rootText({.feed = {{4, 5, 6}, 2}})), QByteArray());
    m_scene->serve(FeedPlan{.counter = 5, .signers = {4, 5}});
    QCOMPARE(m_scene->check(), QByteArray());
    for (const QList<int> &signers : {QList<int>{5, 4}, {6, 5}, {6, 4}, {4, 5, 6}}) {
        m_scene->serve(FeedPlan{.counter = 4, .signers = signers});
        QCOMPARE(m_scene->check(), "ROLLBACK");
    }
}

void TestFeeds::appWithoutARootGoesOnCounting()
{
    const auto root = std::exchange(m_scene->request.root, std::nullopt);
    m_scene->request.keys = {keyNumber(1).publicKey()};
    m_scene->serve(FeedPlan{.counter = 5});
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->requests(), QStringList{Scene::feedPath});
    QVERIFY(!m_scene->outcome().root);
    m_scene->request.root = root;
    m_scene->serve(FeedPlan{.counter = 4});
    QCOMPARE(m_scene->check(), "ROLLBACK");
}

void TestFeeds::servePackage(const QByteArray &announced, const QByteArray &served, quint64 counter)
{
    m_scene->serve(FeedPlan{.counter = counter, .package = announced});
    m_scene->serve(u"/notes.tar.gz"_s, served);
}

// What the feed of the last check offers.
QByteArray TestFeeds::download()
{
    if (const QByteArray code = m_scene->check(); !code.isEmpty())
        return code;
    const AppcastEnclosure enclosure = *m_scene->outcome().selection.item->enclosure;
    QNetworkAccessManager manager;
    Download download(&manager, m_scene->request.policy,
                      {{enclosure.url}, m_scene->path(u"package"_s), enclosure.length,
                       enclosure.sha256});
    std::optional<QByteArray> code;
    connect(&download, &Download::finished, this, [&] { code = QByteArray(); });
    connect(&download, &Download::failed, this,
            [&](const Error &error) { code = errorCodeName(error.code).data(); });
    download.start();
    return waitUntil([&] { return code.has_value(); }) ? *code : "it does not end";
}

QByteArray TestFeeds::downloaded() const
{
    QFile file(m_scene->path(u"package"_s));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void TestFeeds::tuf_test_client_downloads_expected_file_data()
{
    QTest::addColumn<QString>("place");
    QTest::newRow("test_client_downloads_expected_file") << u"notes.tar.gz"_s;
    QTest::newRow("test_client_downloads_expected_file_in_sub_dir") << u"path/to/a/notes.tar.gz"_s;
}

void TestFeeds::tuf_test_client_downloads_expected_file()
{
    QFETCH(QString, place);
    const QByteArray content = "package content";
    m_scene->serve(FeedPlan{.package = content, .packageUrl = place.toUtf8()});
    m_scene->serve(u'/' + place, content);
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->requests(), (QStringList{u"/2.root"_s, Scene::feedPath}));
    QCOMPARE(download(), QByteArray());
    QCOMPARE(downloaded(), content);
}

void TestFeeds::tuf_test_artifact_cache()
{
    servePackage("package content", "package content", 1);
    for (int run = 0; run < 2; ++run) {
        QCOMPARE(download(), QByteArray());
        QCOMPARE(m_scene->server().requests(u"/notes.tar.gz"_s), 1);
        QCOMPARE(downloaded(), "package content");
    }
}

// Also of a file that was fetched before, and is there.
void TestFeeds::tuf_test_repository_substitutes_target_file()
{
    servePackage("package content", "package content", 1);
    QCOMPARE(download(), QByteArray());
    m_scene->serve(u"/notes.tar.gz"_s, "hostile content");
    (void)download();
    QCOMPARE(downloaded(), "package content");
    servePackage("another content", "hostile content", 2);
    QCOMPARE(download(), "HASH");
    QVERIFY(downloaded() != "hostile content");
}

void TestFeeds::tuf_test_multiple_changes_to_target()
{
    for (quint64 round = 1; round <= 10; ++round) {
        const QByteArray good = "package content " + QByteArray::number(round);
        servePackage(good, good, 2 * round);
        QCOMPARE(download(), QByteArray());
        QCOMPARE(downloaded(), good);
        const QByteArray bad = "hostile content " + QByteArray::number(round);
        servePackage("further content " + QByteArray::number(round), bad, 2 * round + 1);
        QCOMPARE(download(), "HASH");
        QVERIFY(downloaded() != bad);
    }
}

QTEST_GUILESS_MAIN(TestFeeds)
#include "tst_feeds.moc"
