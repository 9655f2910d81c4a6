// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/versions.h"

#include "tests/support/enginefixture.h"
#include "tests/support/resultcheck.h"
#include "updater-helper/install/accepted.h"

#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
namespace fs = std::filesystem;

// The row of versions that were installed before.
class TestVersions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<EngineFixture>(); }
    void keepsAsManyAsWanted_data();
    void keepsAsManyAsWanted();
    void goesBackStepByStep();
    void fewerThanBefore();
    void goesOnWhereItWasBrokenOff_data();
    void goesOnWhereItWasBrokenOff();
    void allOfThemStayAccepted();

private:
    const Install::Layout &layout() const { return m_fixture->layout(); }
    void update(int from, int to, int keeps) const;
    void rollBack(int from, int to) const;
    QStringList row() const;

    std::unique_ptr<EngineFixture> m_fixture;
};

void TestVersions::update(int from, int to, int keeps) const
{
    m_fixture->makeTree(layout().staged(), std::to_string(to) + ".0");
    Install::Order order = m_fixture->order();
    order.fromVersion = std::to_string(from) + ".0";
    order.toVersion = std::to_string(to) + ".0";
    order.keeps = keeps;
    VERIFY_RESULT(Install::prepare(layout(), order));
    VERIFY_RESULT(Install::swap(layout()));
    VERIFY_RESULT(Install::commit(layout()));
}

void TestVersions::rollBack(int from, int to) const
{
    Install::Order order = m_fixture->order(Install::ChangeKind::Rollback);
    order.fromVersion = std::to_string(from) + ".0";
    order.toVersion = std::to_string(to) + ".0";
    VERIFY_RESULT(Install::prepare(layout(), order));
    VERIFY_RESULT(Install::swap(layout()));
    VERIFY_RESULT(Install::commit(layout()));
}

// The installed one first.
QStringList TestVersions::row() const
{
    QStringList versions{m_fixture->appVersion()};
    for (const fs::path &tree : Install::previousVersions(layout()))
        versions.append(m_fixture->versionOf(tree));
    return versions;
}

void TestVersions::keepsAsManyAsWanted_data()
{
    QTest::addColumn<int>("keeps");
    QTest::addColumn<QStringList>("kept");
    QTest::newRow("none") << 0 << QStringList{u"5.0"_s};
    QTest::newRow("one") << 1 << QStringList{u"5.0"_s, u"4.0"_s};
    QTest::newRow("three") << 3 << QStringList{u"5.0"_s, u"4.0"_s, u"3.0"_s, u"2.0"_s};
    QTest::newRow("more than there were")
        << 9 << QStringList{u"5.0"_s, u"4.0"_s, u"3.0"_s, u"2.0"_s, u"1.0"_s};
}

void TestVersions::keepsAsManyAsWanted()
{
    QFETCH(int, keeps);
    QFETCH(QStringList, kept);
    for (int version = 1; version < 5; ++version)
        update(version, version + 1, keeps);
    QCOMPARE(row(), kept);
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
}

void TestVersions::goesBackStepByStep()
{
    for (int version = 1; version < 4; ++version)
        update(version, version + 1, 2);
    QCOMPARE(row(), (QStringList{u"4.0"_s, u"3.0"_s, u"2.0"_s}));
    rollBack(4, 3);
    QCOMPARE(row(), (QStringList{u"3.0"_s, u"2.0"_s}));
    rollBack(3, 2);
    QCOMPARE(row(), QStringList{u"2.0"_s});
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
}

void TestVersions::fewerThanBefore()
{
    for (int version = 1; version < 5; ++version)
        update(version, version + 1, 9);
    update(5, 6, 2);
    QCOMPARE(row(), (QStringList{u"6.0"_s, u"5.0"_s, u"4.0"_s}));
    QVERIFY(!fs::exists(layout().previous(3)));
    QVERIFY(!fs::exists(layout().previous(4)));
}

void TestVersions::goesOnWhereItWasBrokenOff_data()
{
    QTest::addColumn<int>("gap");
    for (int gap = 1; gap <= 3; ++gap)
        QTest::addRow("gap at %d", gap) << gap;
}

// Two are kept and there are two already: the older one goes, the newer one moves, the third comes.
void TestVersions::goesOnWhereItWasBrokenOff()
{
    QFETCH(int, gap);
    for (int step = 1, version = 2; step <= 2; ++step, --version)
        m_fixture->makeTree(layout().previous(step), std::to_string(version) + ".0");
    m_fixture->makeTree(layout().staged(), "3.0");
    if (gap <= 2)
        fs::remove_all(layout().previous(2));
    if (gap == 1)
        fs::rename(layout().previous(), layout().previous(2));
    VERIFY_RESULT(Install::keepPrevious(layout(), 2));
    QCOMPARE(row(), (QStringList{u"1.0"_s, u"3.0"_s, u"2.0"_s}));
    QVERIFY(!fs::exists(layout().staged()));
    VERIFY_RESULT(Install::keepPrevious(layout(), 2));
    QCOMPARE(row(), (QStringList{u"1.0"_s, u"3.0"_s, u"2.0"_s}));
}

void TestVersions::allOfThemStayAccepted()
{
    for (int version = 1; version < 4; ++version)
        update(version, version + 1, 3);
    // Whatever became of their key since. Nobody accepted 1.0.
    VERIFY_RESULT(Install::readRelease(layout(), layout().previous(1), {}));
    VERIFY_RESULT(Install::readRelease(layout(), layout().previous(2), {}));
    QVERIFY(!Install::readRelease(layout(), layout().previous(3), {}));
}

QTEST_GUILESS_MAIN(TestVersions)
#include "tst_versions.moc"
