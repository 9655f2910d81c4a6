// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// tuf-conformance, test_updater_key_rotations.py: each row has the name that it has there.

#include "tests/auto/conformance/scene.h"

#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

// One version of a role: whose keys it names, and who signed.
struct Step {
    RoleKeys role;
    QList<int> signers;
};

using Steps = QList<Step>;
Q_DECLARE_METATYPE(Step)

class TestRotation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_scene = std::make_unique<Scene>(); }
    void tuf_test_root_rotation_data();
    void tuf_test_root_rotation();
    void tuf_test_non_root_rotations_data();
    void tuf_test_non_root_rotations();

private:
    std::unique_ptr<Scene> m_scene;
};

// Keys 10 and 11 sign feeds and releases, so that only the rotation of the root's own keys counts.
static RootPlan planOf(const Step &step, quint64 version)
{
    RootPlan plan;
    plan.version = version;
    plan.root = step.role;
    plan.signers = step.signers;
    plan.feed = {{10}};
    plan.release = {{11}};
    return plan;
}

void TestRotation::tuf_test_root_rotation_data()
{
    QTest::addColumn<Steps>("steps");
    QTest::addColumn<bool>("isAccepted");
    const QList<int> five{0, 1, 2, 3, 4};
    const QList<int> oneRotated{0, 1, 3, 4, 5};
    const QList<int> allRotated{5, 6, 7, 8, 9};
    const QList<int> three{1, 2, 3};
    const auto row = [](const char *name, const Steps &steps, bool isAccepted = true) {
        QTest::newRow(name) << steps << isAccepted;
    };
    row("1-of-1-key-rotation", {{{{1}}, {1}}, {{{2}}, {2, 1}}, {{{2}}, {2}}});
    row("1-of-1-key-rotation-unused-signatures",
        {{{{1}}, {3, 1, 4}}, {{{2}}, {3, 2, 1, 4}}, {{{2}}, {3, 2, 4}}});
    row("3-of-5-sign-with-different-keycombos",
        {{{five, 3}, {0, 2, 4}}, {{five, 3}, {0, 4, 1}}, {{five, 3}, {0, 1, 3}},
         {{five, 3}, {0, 1, 3}}});
    row("3-of-5-one-key-rotated", {{{five, 3}, {0, 2, 4}}, {{oneRotated, 3}, {0, 4, 1}}});
    row("3-of-5-one-key-rotated-with-intermediate-step",
        {{{five, 3}, {0, 2, 4}}, {{oneRotated, 3}, {0, 2, 4, 5}}, {{oneRotated, 3}, {0, 4, 5}}});
    row("3-of-5-all-keys-rotated-with-intermediate-step",
        {{{five, 3}, {0, 2, 4}}, {{allRotated, 3}, {0, 2, 4, 5, 6, 7}},
         {{allRotated, 3}, {5, 6, 7}}});
    row("1-of-3-threshold-increase-to-2-of-3", {{{three, 1}, {1}}, {{three, 2}, {1, 2}}});
    row("2-of-3-threshold-decrease-to-1-of-3",
        {{{three, 2}, {1, 2}}, {{three, 1}, {1, 2}}, {{three, 1}, {1}}});
    row("1-of-2-threshold-increase-to-2-of-2", {{{{1}}, {1}}, {{{1, 2}, 2}, {1, 2}}});
    row("1-of-1-key-rotation-fail-not-signed-with-old-key",
        {{{{1}}, {1}}, {{{2}}, {2, 3, 4}}}, false);
    row("1-of-1-key-rotation-fail-not-signed-with-new-key",
        {{{{1}}, {1}}, {{{2}}, {1, 3, 4}}}, false);
    row("3-of-5-one-key-rotate-fails-not-signed-with-3-new-keys",
        {{{five, 3}, {0, 2, 4}}, {{oneRotated, 3}, {0, 2, 4}}}, false);
    row("3-of-5-one-key-rotate-fails-not-signed-with-3-old-keys",
        {{{five, 3}, {0, 2, 4}}, {{oneRotated, 3}, {0, 4, 5}}}, false);
    row("1-of-3-threshold-bump-to-2-of-3-fails-new-threshold-not-reached",
        {{{three, 1}, {1}}, {{three, 2}, {2}}}, false);
    row("2-of-3-threshold-decr-to-1-of-3-fails-old-threshold-not-eached",
        {{{three, 2}, {1, 2}}, {{three, 1}, {1}}}, false);
}

// acc030 vuln045: a bad root is refused, and the one before stays, also after a restart.
void TestRotation::tuf_test_root_rotation()
{
    QFETCH(Steps, steps);
    QFETCH(bool, isAccepted);
    Scene &scene = *m_scene;
    QCOMPARE(scene.embed(rootText(planOf(steps.first(), 1))), QByteArray());
    scene.serve(FeedPlan{.signers = {10}});
    for (qsizetype i = 1; i < steps.size(); ++i)
        scene.serve(planOf(steps[i], quint64(i + 1)));
    const quint64 newest = quint64(isAccepted ? steps.size() : steps.size() - 1);
    for (int run = 0; run < 2; ++run) {
        QCOMPARE(scene.check(), isAccepted ? QByteArray() : QByteArray("ROOT_CHAIN"));
        QCOMPARE(scene.keptVersion(), newest);
        if (newest > 1)
            QCOMPARE(scene.keptRoot(), rootText(planOf(steps[qsizetype(newest) - 1], newest)));
        else
            QCOMPARE(scene.rootFiles(), QStringList());
    }
}

void TestRotation::tuf_test_non_root_rotations_data()
{
    QTest::addColumn<Step>("feed");
    QTest::addColumn<bool>("isAccepted");
    const auto row = [](const char *name, const Step &feed, bool isAccepted = true) {
        QTest::newRow(name) << feed << isAccepted;
    };
    const QList<int> five{0, 1, 2, 3, 4};
    const QList<int> oneRotated{0, 1, 3, 4, 5};
    row("1-of-1-key-rotation", {{{2}}, {2}});
    row("1-of-1-key-rotation-unused-signatures", {{{1}}, {3, 1, 4}});
    row("1-of-1-key-rotation-fail-not-signed-with-new-key", {{{2}}, {1, 3, 4}}, false);
    row("3-of-5-one-key-signature-wrong-not-signed-with-3-expected-keys",
        {{oneRotated, 3}, {0, 2, 4}}, false);
    row("2-of-5-one-key-signature-mising-threshold-not-reached", {{oneRotated, 3}, {0, 4}}, false);
    row("3-of-5-sign-first-combo", {{five, 3}, {0, 2, 4}});
    row("3-of-5-sign-second-combo", {{five, 3}, {0, 4, 1}});
    row("3-of-5-sign-third-combo", {{five, 3}, {0, 1, 3}});
    row("3-of-5-sign-fourth-combo", {{five, 3}, {1, 2, 3}});
    row("3-of-5-sign-fifth-combo", {{five, 3}, {2, 3, 4}});
}

// Root 2 gives the feed other keys.
void TestRotation::tuf_test_non_root_rotations()
{
    QFETCH(Step, feed);
    QFETCH(bool, isAccepted);
    Scene &scene = *m_scene;
    QCOMPARE(scene.check(), QByteArray());
    RootPlan second;
    second.version = 2;
    second.feed = feed.role;
    scene.serve(second);
    scene.serve(FeedPlan{.counter = 7, .signers = feed.signers});
    QCOMPARE(scene.check(), isAccepted ? QByteArray() : QByteArray("FEED_SIGNATURE"));
    QCOMPARE(scene.keptVersion(), 2u);
    QCOMPARE(scene.keptCounter(feed.role), isAccepted ? 7u : 0u);
}

QTEST_GUILESS_MAIN(TestRotation)
#include "tst_rotation.moc"
