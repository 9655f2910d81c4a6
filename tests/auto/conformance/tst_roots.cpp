// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// tuf-conformance, what its test_basic.py, test_expiration.py and test_quoting_issues.py have about
// roots, and the bounds of the chain.

#include "tests/auto/conformance/scene.h"

#include "lib/common/convert.h"
#include "platform/file.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestRoots : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_scene = std::make_unique<Scene>(); }
    void tuf_test_basic_refresh_requests();
    void tuf_test_basic_refresh_trusted_data();
    void tuf_test_initial_root_data();
    void tuf_test_initial_root();
    void tuf_refusedRoots_data();
    void tuf_refusedRoots();
    void tuf_test_custom_fields();
    void tuf_test_deprecated_keyid_hash_algorithms();
    void tuf_test_metadata_bytes_match();
    void tuf_test_root_expired();
    void tuf_test_expired_local_root();
    void tuf_test_unusual_role_name_data();
    void tuf_test_unusual_role_name();
    void acc028_clockBeforeTheBuild();
    void acc029_damagedRoot_data();
    void acc029_damagedRoot();
    void acc029_rootOfAnotherProduct();
    void acc031_longestChain();
    void acc031_chainOf65();
    void acc031_gap();
    void acc031_tooLarge();
    void missingRootEndsTheWay_data();
    void missingRootEndsTheWay();
    void unreachableRootIsAnError();
    void anotherFirstRootBeginsAnew();
    void hypotheticalCheckKeepsNothing();
    void feedInAFolder();

private:
    RootPlan second() const
    {
        RootPlan plan;
        plan.version = 2;
        return plan;
    }
    void serveChain(int newest);

    std::unique_ptr<Scene> m_scene;
};

void TestRoots::serveChain(int newest)
{
    RootPlan plan;
    for (plan.version = 2; plan.version <= quint64(newest); ++plan.version)
        m_scene->serve(plan);
}

void TestRoots::tuf_test_basic_refresh_requests()
{
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->requests(), (QStringList{u"/2.root"_s, u"/appcast.xml"_s}));
    QCOMPARE(m_scene->outcome().root->root.version, 1u);
    QCOMPARE(m_scene->outcome().selection.item->version, u"2.0"_s);
    m_scene->serve(second());
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->requests(), (QStringList{u"/2.root"_s, u"/3.root"_s, u"/appcast.xml"_s}));
    // What is trusted is not asked for again.
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->requests(), (QStringList{u"/3.root"_s, u"/appcast.xml"_s}));
    QCOMPARE(m_scene->outcome().root->root.version, 2u);
}

void TestRoots::tuf_test_basic_refresh_trusted_data()
{
    m_scene->serve(second());
    m_scene->serve(FeedPlan{.counter = 5});
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptRoot(), rootText(second()));
    QCOMPARE(m_scene->keptCounter({{1}}), 5u);
    QVERIFY(m_scene->outcome().releaseKeys == second().release.role().keys);
}

void TestRoots::tuf_test_initial_root_data()
{
    QTest::addColumn<QByteArray>("root");
    QByteArray noVersion = rootText({});
    noVersion.replace("version 1\n", "");
    QTest::newRow("test_invalid_initial_root") << noVersion;
    QTest::newRow("test_unsigned_initial_root") << rootText({.signers = {3}});
    QTest::newRow("no signature") << rootText({.signers = {}});
    QTest::newRow("too few") << rootText({.root = {{0, 1}, 2}});
    QTest::newRow("no root at all") << QByteArray("<rss/>\n");
}

void TestRoots::tuf_test_initial_root()
{
    QFETCH(QByteArray, root);
    QCOMPARE(m_scene->embed(root), "CONFIG");
    QVERIFY(m_scene->message().find("\"root\"") != std::string::npos);
    QCOMPARE(m_scene->requests(), QStringList());
    QCOMPARE(m_scene->rootFiles(), QStringList());
}

void TestRoots::tuf_refusedRoots_data()
{
    QTest::addColumn<QByteArray>("root");
    RootPlan plan = second();
    plan.signers = {};
    QTest::newRow("test_unsigned_metadata[root]") << rootText(plan);
    plan = second();
    plan.version = 3;
    QTest::newRow("test_url_and_metadata_version_mismatch[root]") << rootText(plan);
    QTest::newRow("the first one again") << rootText({});
    QTest::newRow("test_incorrect_metadata_type[root]") << feedText({.signers = {0}});
    plan = second();
    plan.product = "org.example.other";
    QTest::newRow("other product") << rootText(plan);
    plan = second();
    plan.feed = {{1, 3}, 3};
    QTest::newRow("test_snapshot_has_too_few_keys") << rootText(plan);
    plan = second();
    plan.root = {{0, 1}, 0};
    QTest::newRow("threshold of 0") << rootText(plan);
    plan = second();
    plan.root = {{0, 0}, 2};
    plan.signers = {0};
    QTest::newRow("test_duplicate_keys, acc032 vuln047") << rootText(plan);
    plan = second();
    plan.root = {{0, 3}, 2};
    plan.signers = {0, 0};
    QTest::newRow("acc032 vuln047 same signature twice") << rootText(plan);
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("login page") << QByteArray("<!DOCTYPE html>\n<html></html>\n");
    QByteArray feedSigned = rootText(second());
    QTest::newRow("acc034 signed by the feed's and the release's key")
        << withSignatures(Trust::SignedRoot::parse(feedSigned.toStdString())->root, {1, 2});
}

// vuln045: nothing that was refused is there after a restart, and the feed is not even asked for.
void TestRoots::tuf_refusedRoots()
{
    QFETCH(QByteArray, root);
    m_scene->serve(u"/2.root"_s, root);
    for (int run = 0; run < 2; ++run) {
        QCOMPARE(m_scene->check(), "ROOT_CHAIN");
        QCOMPARE(m_scene->requests(), QStringList{u"/2.root"_s});
        QCOMPARE(m_scene->rootFiles(), QStringList());
    }
    // It recovers by itself.
    m_scene->serve(second());
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptVersion(), 2u);
}

void TestRoots::tuf_test_custom_fields()
{
    RootPlan plan = second();
    plan.extraLines = {"custom-field value", "another-field {\"a\": 1}"};
    m_scene->serve(plan);
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptVersion(), 2u);
    // They are signed like everything else.
    plan.version = 3;
    m_scene->serve(u"/3.root"_s, rootText(plan).replace("field value", "field VALUE"));
    QCOMPARE(m_scene->check(), "ROOT_CHAIN");
    QCOMPARE(m_scene->keptVersion(), 2u);
}

void TestRoots::tuf_test_deprecated_keyid_hash_algorithms()
{
    RootPlan plan = second();
    plan.extraLines = {"keyid_hash_algorithms md5"};
    m_scene->serve(plan);
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptVersion(), 2u);
}

// Signatures of strangers, which a new text of the parsed root could drop or put in order.
void TestRoots::tuf_test_metadata_bytes_match()
{
    RootPlan plan = second();
    plan.signers = {9, 0, 8, 7};
    plan.extraLines = {"zz  two blanks"};
    m_scene->serve(plan);
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptRoot(), rootText(plan));
}

void TestRoots::tuf_test_root_expired()
{
    m_scene->serve(second());
    QCOMPARE(m_scene->check(), QByteArray());
    RootPlan expired = second();
    expired.version = 3;
    expired.expires = "2026-11-22T10:00:00Z";
    m_scene->serve(expired);
    m_scene->serve(FeedPlan{.counter = 9});
    QCOMPARE(m_scene->check(), "ROOT_EXPIRED");
    QCOMPARE(m_scene->requests(), (QStringList{u"/3.root"_s, u"/4.root"_s}));
    QCOMPARE(m_scene->keptVersion(), 3u);
    QCOMPARE(m_scene->keptCounter({{1}}), 1u);
    // One that expired on the way does no harm.
    RootPlan fresh = second();
    fresh.version = 4;
    m_scene->serve(fresh);
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptCounter({{1}}), 9u);
}

void TestRoots::tuf_test_expired_local_root()
{
    QCOMPARE(m_scene->embed(rootText({.expires = "2025-11-22T10:00:00Z"})), QByteArray());
    QCOMPARE(m_scene->check(), "ROOT_EXPIRED");
    m_scene->serve(second());
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptVersion(), 2u);
}

void TestRoots::tuf_test_unusual_role_name_data()
{
    QTest::addColumn<QByteArray>("product");
    for (const char *name :
         {"?", "#", "/delegatedrole", "../delegatedrole", "../../../x", "%2e%2e"})
        QTest::newRow(name) << QByteArray(name);
}

// A product's name is the only name there is. vuln047: it never becomes a path, nor part of an
// address.
void TestRoots::tuf_test_unusual_role_name()
{
    QFETCH(QByteArray, product);
    RootPlan plan;
    plan.product = product.toStdString();
    QCOMPARE(m_scene->embed(rootText(plan)), QByteArray());
    plan.version = 2;
    m_scene->serve(plan);
    m_scene->serve(FeedPlan{.product = product});
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->requests(), (QStringList{u"/2.root"_s, u"/3.root"_s, u"/appcast.xml"_s}));
    QCOMPARE(m_scene->keptRoot(), rootText(plan));
    QCOMPARE(m_scene->keptCounter({{1}}), 1u);
    QCOMPARE(QDir(m_scene->path(u"state"_s)).entryList(QDir::AllEntries | QDir::NoDotAndDotDot),
             QStringList{u"freshen"_s});
}

void TestRoots::acc028_clockBeforeTheBuild()
{
    m_scene->request.built = QDateTime({2026, 11, 20}, {0, 0}, Qt::UTC);
    m_scene->request.client.now = m_scene->request.built.addYears(-10);
    QCOMPARE(m_scene->check(), "CLOCK");
    m_scene->request.client.now = m_scene->request.built.addYears(10);
    QCOMPARE(m_scene->check(), "ROOT_EXPIRED");
    // A clock that was turned back does not bring an expired root back to life.
    m_scene->request.client.now = m_scene->request.built.addDays(1);
    QCOMPARE(m_scene->check(), QByteArray());
    RootPlan plan = second();
    plan.expires = "2026-11-22T09:00:00Z"; // before the feed that was seen was issued
    m_scene->serve(plan);
    QCOMPARE(m_scene->check(), "ROOT_EXPIRED");
}

void TestRoots::acc029_damagedRoot_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("garbage") << QByteArray(1000, '\xfe');
    QTest::newRow("cut") << rootText(second()).chopped(1);
    QTest::newRow("too large") << QByteArray(70'000, 'x');
    QTest::newRow("format of the future")
        << rootText(second()).replace("freshen-root 1", "freshen-root 2");
    QTest::newRow("no newer than the app's") << rootText({});
    RootPlan foreign = second();
    foreign.product = "org.example.other";
    QTest::newRow("other product") << rootText(foreign);
    foreign = second();
    foreign.signers = {5};
    QTest::newRow("not signed by its own") << rootText(foreign);
}

void TestRoots::acc029_damagedRoot()
{
    QFETCH(QByteArray, content);
    m_scene->serve(second());
    QCOMPARE(m_scene->check(), QByteArray());
    const QString file = m_scene->rootFiles().value(0);
    QVERIFY(!file.isEmpty());
    QVERIFY(Platform::writeFileDurably(toPath(file), toView(content)));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QRegularExpression::escape(file)));
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->requests().first(), u"/2.root"_s);
    QCOMPARE(m_scene->keptRoot(), rootText(second()));
}

void TestRoots::acc029_rootOfAnotherProduct()
{
    m_scene->serve(second());
    QCOMPARE(m_scene->check(), QByteArray());
    RootPlan other;
    other.product = "org.example.other";
    QCOMPARE(m_scene->embed(rootText(other)), QByteArray());
    QCOMPARE(m_scene->keptVersion(), 1u);
    QCOMPARE(m_scene->check(), "ROOT_CHAIN"); // 2.root is for the first one
    QCOMPARE(m_scene->rootFiles().size(), 1);
}

void TestRoots::acc031_longestChain()
{
    serveChain(65);
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptVersion(), 65u);
}

// What was learnt stays, and the next check goes on from there.
void TestRoots::acc031_chainOf65()
{
    serveChain(66);
    QCOMPARE(m_scene->check(), "ROOT_CHAIN");
    QCOMPARE(m_scene->keptVersion(), 65u);
    QCOMPARE(m_scene->requests().size(), 65);
    QVERIFY(!m_scene->requests().contains(Scene::feedPath));
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptVersion(), 66u);
}

// The feed says how far the chain has to go, so nobody can withhold the rest of it.
void TestRoots::acc031_gap()
{
    RootPlan third = second();
    third.version = 3;
    m_scene->serve(third);
    m_scene->serve(FeedPlan{.root = 3});
    QCOMPARE(m_scene->check(), "ROOT_CHAIN");
    QVERIFY(m_scene->message().find("requires root 3") != std::string::npos);
    QCOMPARE(m_scene->keptVersion(), 1u);
    QCOMPARE(m_scene->keptCounter({{1}}), 0u);
    m_scene->serve(second());
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptVersion(), 3u);
}

void TestRoots::acc031_tooLarge()
{
    RootPlan plan = second();
    plan.extraLines = std::vector(65 * 16, std::string(63, 'x'));
    m_scene->serve(plan);
    QCOMPARE(m_scene->check(), "ROOT_CHAIN");
    QCOMPARE(m_scene->rootFiles(), QStringList());
    plan.extraLines.resize(63 * 16);
    m_scene->serve(plan);
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptRoot(), rootText(plan));
    FaultAnswer endless;
    endless.content = QByteArray(10'000, 'x');
    endless.isEndless = true;
    m_scene->server().serve(u"/3.root"_s, endless);
    QCOMPARE(m_scene->check(), "ROOT_CHAIN");
}

void TestRoots::missingRootEndsTheWay_data()
{
    QTest::addColumn<int>("status");
    QTest::newRow("404") << 404;
    QTest::newRow("410") << 410;
}

void TestRoots::missingRootEndsTheWay()
{
    QFETCH(int, status);
    m_scene->answer(u"/2.root"_s, status);
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptVersion(), 1u);
}

// Who could make the client skip the way could keep it at stolen keys.
void TestRoots::unreachableRootIsAnError()
{
    m_scene->request.policy.limits.patience = std::chrono::milliseconds(0);
    m_scene->answer(u"/2.root"_s, 403);
    QCOMPARE(m_scene->check(), "HTTP_STATUS");
    m_scene->answer(u"/2.root"_s, 503);
    QCOMPARE(m_scene->check(), "HTTP_STATUS");
    FaultAnswer cut;
    cut.content = rootText(second());
    cut.cutAfter = 100;
    m_scene->server().serve(u"/2.root"_s, cut);
    QCOMPARE(m_scene->check(), "NETWORK");
    QVERIFY(!m_scene->requests().contains(Scene::feedPath));
    QCOMPARE(m_scene->rootFiles(), QStringList());
}

void TestRoots::anotherFirstRootBeginsAnew()
{
    serveChain(3);
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptVersion(), 3u);
    QCOMPARE(m_scene->embed(rootText(second())), QByteArray());
    QCOMPARE(m_scene->keptVersion(), 2u);
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->requests().first(), u"/3.root"_s);
    QCOMPARE(m_scene->rootFiles().size(), 2);
}

void TestRoots::hypotheticalCheckKeepsNothing()
{
    serveChain(3);
    m_scene->request.keepsFreshness = false;
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->outcome().root->root.version, 3u);
    QCOMPARE(m_scene->rootFiles(), QStringList());
}

void TestRoots::feedInAFolder()
{
    const QString folder = m_scene->path(u"feed"_s);
    QVERIFY(QDir().mkpath(folder));
    const auto write = [&](const QString &name, const QByteArray &content) {
        return Platform::writeFileDurably(toPath(folder + name), toView(content)).has_value();
    };
    QVERIFY(write(u"/appcast.xml"_s, feedText({})));
    m_scene->request.feed = QUrl::fromLocalFile(folder + u"/appcast.xml"_s);
    m_scene->request.policy.allowsFiles = true;
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptVersion(), 1u);
    QVERIFY(write(u"/2.root"_s, rootText(second())));
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptRoot(), rootText(second()));
}

QTEST_GUILESS_MAIN(TestRoots)
#include "tst_roots.moc"
