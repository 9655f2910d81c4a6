// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/journal.h"

#include "tests/support/enginefixture.h"
#include "tests/support/resultcheck.h"

#include <QTest>

using namespace Freshen;
using Install::ChangeKind;
using Install::Journal;
using Install::ReadyCheck;

Q_DECLARE_METATYPE(Freshen::Install::Journal)

class TestJournal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<EngineFixture>(); }
    void noneAtFirst();
    void roundTrip_data();
    void roundTrip();
    void removed();
    void refusesDamage_data();
    void refusesDamage();
    void treeThatTakesThePlace();
    void whichVersionStandsThere();

private:
    const Install::Layout &layout() const { return m_fixture->layout(); }

    std::unique_ptr<EngineFixture> m_fixture;
};

void TestJournal::noneAtFirst()
{
    const auto journal = Journal::read(layout());
    VERIFY_RESULT(journal);
    QVERIFY(!journal->has_value());
    VERIFY_RESULT(Journal::remove(layout()));
}

void TestJournal::roundTrip_data()
{
    using State = Journal::State;
    QTest::addColumn<Journal>("journal");
    QTest::newRow("defaults") << Journal();
    for (const State state : {State::Ready, State::Swapped, State::Committed, State::Back}) {
        Journal journal;
        journal.state = state;
        QTest::addRow("state %d", int(state)) << journal;
    }
    Journal rollback;
    rollback.kind = ChangeKind::Rollback;
    rollback.isRefused = true;
    rollback.mayGoBack = false;
    QTest::newRow("rollback") << rollback;
    Journal update{State::Swapped, ChangeKind::Update, "1:2", "1:3", "1.0 beta", "2.0\n%",
                   {ReadyCheck::Kind::Alive, 7}, true, false, 1};
    QTest::newRow("everything") << update;
    update.ready = {ReadyCheck::Kind::None, 0};
    QTest::newRow("not awaited") << update;
}

void TestJournal::roundTrip()
{
    QFETCH(Journal, journal);
    VERIFY_RESULT(journal.write(layout()));
    const auto result = Journal::read(layout());
    VERIFY_RESULT(result);
    QVERIFY(result->has_value());
    const Journal &read = **result;
    QVERIFY(read.state == journal.state);
    QVERIFY(read.kind == journal.kind);
    QCOMPARE(read.oldIdentity, journal.oldIdentity);
    QCOMPARE(read.newIdentity, journal.newIdentity);
    QCOMPARE(read.fromVersion, journal.fromVersion);
    QCOMPARE(read.toVersion, journal.toVersion);
    QCOMPARE(read.ready.toText(), journal.ready.toText());
    QCOMPARE(read.mayGoBack, journal.mayGoBack);
    QCOMPARE(read.isRefused, journal.isRefused);
    QCOMPARE(read.starts, journal.starts);
}

void TestJournal::removed()
{
    VERIFY_RESULT(Journal().write(layout()));
    VERIFY_RESULT(Journal::remove(layout()));
    QVERIFY(!Journal::read(layout())->has_value());
}

void TestJournal::refusesDamage_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("zeros") << QByteArray(200, '\0');
    QTest::newRow("other file") << QByteArray("freshen-result 1\nresult updated\n");
    QTest::newRow("cut") << QByteArray("freshen-journal 1\nstate swap");
    QTest::newRow("unknown state") << QByteArray("freshen-journal 1\nstate swopped\n");
    QTest::newRow("no state") << QByteArray("freshen-journal 1\nkind update\n");
}

void TestJournal::refusesDamage()
{
    QFETCH(QByteArray, text);
    writeText(layout().journal(), {text.constData(), std::size_t(text.size())});
    VERIFY_ERROR(Journal::read(layout()), ErrorCode::IO);
}

void TestJournal::treeThatTakesThePlace()
{
    Journal journal;
    QCOMPARE(journal.tree(layout()), layout().staged());
    journal.kind = ChangeKind::Rollback;
    QCOMPARE(journal.tree(layout()), layout().previous());
}

void TestJournal::whichVersionStandsThere()
{
    VERIFY_RESULT(Install::prepare(layout(), m_fixture->order()));
    const Journal journal = **Journal::read(layout());
    QVERIFY(!journal.isSwapped(layout()));
    VERIFY_RESULT(Install::swap(layout()));
    QVERIFY(journal.isSwapped(layout()));
    // Somebody installed the app again by hand.
    std::filesystem::rename(layout().app(), layout().app().string() + "-old");
    m_fixture->makeTree(layout().app(), "2.0");
    QVERIFY(!journal.isSwapped(layout()));
}

QTEST_GUILESS_MAIN(TestJournal)
#include "tst_journal.moc"
