// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The way from root to root: how far it goes, what ends it, what is kept of it.

#include "tests/auto/conformance/scene.h"

#include "lib/common/convert.h"
#include "platform/file.h"

#include <QDir>
#include <QRegularExpression>
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

class TestRootWalk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_scene = std::make_unique<Scene>(); }
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
    void serveChain(int newest);

    std::unique_ptr<Scene> m_scene;
};

void TestRootWalk::serveChain(int newest)
{
    RootPlan plan;
    for (plan.version = 2; plan.version <= quint64(newest); ++plan.version)
        m_scene->serve(plan);
}

void TestRootWalk::acc028_clockBeforeTheBuild()
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

void TestRootWalk::acc029_damagedRoot_data()
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

void TestRootWalk::acc029_damagedRoot()
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

void TestRootWalk::acc029_rootOfAnotherProduct()
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

void TestRootWalk::acc031_longestChain()
{
    serveChain(65);
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptVersion(), 65u);
}

// What was learnt stays, and the next check goes on from there.
void TestRootWalk::acc031_chainOf65()
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
void TestRootWalk::acc031_gap()
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

void TestRootWalk::acc031_tooLarge()
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

void TestRootWalk::missingRootEndsTheWay_data()
{
    QTest::addColumn<int>("status");
    QTest::newRow("404") << 404;
    QTest::newRow("410") << 410;
}

void TestRootWalk::missingRootEndsTheWay()
{
    QFETCH(int, status);
    m_scene->answer(u"/2.root"_s, status);
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->keptVersion(), 1u);
}

// Who could make the client skip the way could keep it at stolen keys.
void TestRootWalk::unreachableRootIsAnError()
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

void TestRootWalk::anotherFirstRootBeginsAnew()
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

void TestRootWalk::hypotheticalCheckKeepsNothing()
{
    serveChain(3);
    m_scene->request.keepsFreshness = false;
    QCOMPARE(m_scene->check(), QByteArray());
    QCOMPARE(m_scene->outcome().root->root.version, 3u);
    QCOMPARE(m_scene->rootFiles(), QStringList());
}

void TestRootWalk::feedInAFolder()
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

QTEST_GUILESS_MAIN(TestRootWalk)
#include "tst_rootwalk.moc"
