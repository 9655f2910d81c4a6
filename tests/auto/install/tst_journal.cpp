// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/journal.h"

#include "tests/support/enginefixture.h"
#include "tests/support/resultcheck.h"

#include <QTest>

using namespace Freshen;
using Install::ChangeKind;
using Install::Journal;
using Install::Phase;
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
    void whichVersionStandsThereWithoutNumbers();

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
    for (const State state : {State::Ready, State::Committed, State::Back}) {
        Journal journal;
        journal.state = state;
        QTest::addRow("state %d", int(state)) << journal;
    }
    Journal rollback;
    rollback.kind = ChangeKind::Rollback;
    rollback.isRefused = true;
    rollback.mayGoBack = false;
    QTest::newRow("rollback") << rollback;
    Journal update{State::Ready, ChangeKind::Update, Journal::Method::Pieces, Phase::In, "2", "3",
                   "c0ffee", "1.0 beta", "2.0\n%", {ReadyCheck::Kind::Alive, 7}, true, false,
                   "/x/guard", 3, 1};
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
    QVERIFY(read.method == journal.method);
    QVERIFY(read.phase == journal.phase);
    QCOMPARE(read.newManifest, journal.newManifest);
    QCOMPARE(read.guard, journal.guard);
    QCOMPARE(read.keeps, journal.keeps);
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
    QTest::newRow("cut") << QByteArray("freshen-journal 2\nstate rea");
    QTest::newRow("unknown state") << QByteArray("freshen-journal 2\nstate swopped\n");
    QTest::newRow("older form") << QByteArray("freshen-journal 1\nstate ready\n");
    const QByteArray whole =
        "freshen-journal 2\nstate ready\nkind update\nmethod pieces\nphase in\n";
    for (const char *name : {"state", "kind", "method", "phase"})
        QTest::addRow("no %s", name) << QByteArray(whole).replace(name, "other");
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
    QVERIFY(journal.place(layout()) == Journal::Place::Old);
    VERIFY_RESULT(Install::swap(layout()));
    QVERIFY(journal.place(layout()) == Journal::Place::New);
    // Somebody installed the app again by hand.
    std::filesystem::rename(layout().app(), layout().app().string() + "-old");
    m_fixture->makeTree(layout().app(), "2.0");
    QVERIFY(journal.place(layout()) == Journal::Place::Old);
}

// Some file systems number their folders anew at every mount; then the manifest tells.
void TestJournal::whichVersionStandsThereWithoutNumbers()
{
    VERIFY_RESULT(Install::prepare(layout(), m_fixture->order()));
    Journal journal = **Journal::read(layout());
    journal.oldIdentity = "1";
    journal.newIdentity = "2";
    QVERIFY(journal.place(layout()) == Journal::Place::Old);
    VERIFY_RESULT(Install::swap(layout()));
    QVERIFY(journal.place(layout()) == Journal::Place::New);
}

QTEST_GUILESS_MAIN(TestJournal)
#include "tst_journal.moc"
