// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// tuf-conformance, what its test_basic.py, test_expiration.py and test_quoting_issues.py have about
// roots.

#include "tests/auto/conformance/scene.h"

#include <QDir>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

RootPlan second()
{
    RootPlan plan;
    plan.version = 2;
    return plan;
}

} // namespace

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

private:
    std::unique_ptr<Scene> m_scene;
};

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

QTEST_GUILESS_MAIN(TestRoots)
#include "tst_roots.moc"
