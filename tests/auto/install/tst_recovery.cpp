// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/engine.h"

#include "platform/exchange.h"
#include "updater-helper/install/userfiles.h"

#include "tests/support/enginefixture.h"
#include "tests/support/resultcheck.h"

#include <QTest>

#include <functional>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Install::ChangeKind;
using Install::Journal;
using Install::ReadyCheck;
using Install::Recovery;
using Install::Refusal;
namespace fs = std::filesystem;

Q_DECLARE_METATYPE(Freshen::Install::Recovery)

namespace {

constexpr Recovery finished = Recovery::Finished;
constexpr Recovery undone = Recovery::Undone;

void require(const Result<void> &result)
{
    if (!result)
        qFatal("%s", result.error().message.c_str());
}

void noteState(const EngineFixture &fixture, Journal::State state, bool isRefused = false)
{
    Journal journal = **Journal::read(fixture.layout());
    journal.state = state;
    journal.isRefused = isRefused;
    require(journal.write(fixture.layout()));
}

void exchange(const EngineFixture &fixture)
{
    const Journal journal = **Journal::read(fixture.layout());
    require(Platform::exchange(fixture.layout().app(), journal.tree(fixture.layout())));
}

// The engine's steps, and the single acts that they consist of, in the order in which the engine
// does them: whatever can be on the disk when the helper dies.
const std::map<QString, std::function<void(EngineFixture &)>> acts = {
    {u"update"_s, [](EngineFixture &f) { f.update(); }},
    {u"prepare"_s, [](EngineFixture &f) { require(Install::prepare(f.layout(), f.order())); }},
    {u"prepare unlaunched"_s,
     [](EngineFixture &f) {
         Install::Order order = f.order();
         order.launches = false;
         require(Install::prepare(f.layout(), order));
     }},
    {u"prepare for good"_s,
     [](EngineFixture &f) {
         Install::Order order = f.order();
         order.mayGoBack = false;
         require(Install::prepare(f.layout(), order));
     }},
    {u"prepare rollback"_s,
     [](EngineFixture &f) {
         require(Install::prepare(f.layout(), f.order(ChangeKind::Rollback)));
     }},
    {u"prepare rollback unlaunched"_s,
     [](EngineFixture &f) {
         Install::Order order = f.order(ChangeKind::Rollback);
         order.launches = false;
         require(Install::prepare(f.layout(), order));
     }},
    {u"prepare again"_s,
     [](EngineFixture &f) {
         f.makeTree(f.layout().staged(), "2.0");
         require(Install::prepare(f.layout(), f.order()));
     }},
    {u"exchange"_s, [](EngineFixture &f) { exchange(f); }},
    {u"carry one"_s,
     [](EngineFixture &f) {
         const fs::path tree = (*Journal::read(f.layout()))->tree(f.layout());
         fs::rename(tree / "mine.txt", f.layout().app() / "mine.txt");
     }},
    {u"carry"_s,
     [](EngineFixture &f) {
         const fs::path tree = (*Journal::read(f.layout()))->tree(f.layout());
         const auto files = Install::findUserFiles(tree);
         QVERIFY(files && !files->empty());
         require(Install::carryUserFiles(tree, f.layout().app(), *files));
     }},
    {u"swap"_s, [](EngineFixture &f) { require(Install::swap(f.layout())); }},
    {u"note committed"_s, [](EngineFixture &f) { noteState(f, Journal::State::Committed); }},
    {u"remove part of previous"_s,
     [](EngineFixture &f) { fs::remove_all(f.layout().previous() / "bin"); }},
    {u"remove previous"_s, [](EngineFixture &f) { fs::remove_all(f.layout().previous()); }},
    {u"rename to previous"_s,
     [](EngineFixture &f) { fs::rename(f.layout().staged(), f.layout().previous()); }},
    {u"write result"_s,
     [](EngineFixture &f) { require(Install::LastResult().write(f.layout())); }},
    {u"note back"_s, [](EngineFixture &f) { noteState(f, Journal::State::Back); }},
    {u"note refused"_s, [](EngineFixture &f) { noteState(f, Journal::State::Back, true); }},
    {u"refuse"_s,
     [](EngineFixture &f) { require(Install::refuse(f.layout(), Refusal::Failed, "2.0")); }},
    {u"remove part of staged"_s,
     [](EngineFixture &f) { fs::remove_all(f.layout().staged() / "bin"); }},
    {u"remove staged"_s, [](EngineFixture &f) { fs::remove_all(f.layout().staged()); }},
    {u"damage the app"_s,
     [](EngineFixture &f) { writeText(f.layout().app() / "data/shipped.txt", "damaged"); }},
    {u"damage the journal"_s, [](EngineFixture &f) { writeText(f.layout().journal(), "rubb"); }},
};

} // namespace

// Broken off after every act; then recover() alone has to put everything right.
class TestRecovery : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<EngineFixture>(); }
    void nothingUnderWay();
    void acc068_brokenOff_data();
    void acc068_brokenOff();
    void refusedIsRemembered();
    void discardedChangeStaysStaged();
    void acc078_removesLeftovers();
    void damagedJournalAndDamagedApp();
    void appThatSomebodyInstalledAnew();
    void canBeUpdatedAgain();

private:
    const Install::Layout &layout() const { return m_fixture->layout(); }
    auto recover() const { return Install::recover(layout(), m_fixture->keys()); }
    void carryOut(const QStringList &names) const;

    std::unique_ptr<EngineFixture> m_fixture;
};

void TestRecovery::carryOut(const QStringList &names) const
{
    for (const QString &name : names)
        acts.at(name)(*m_fixture);
}

void TestRecovery::nothingUnderWay()
{
    const auto recovered = recover();
    VERIFY_RESULT(recovered);
    QVERIFY(*recovered == Recovery::Nothing);
    QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
    QCOMPARE(m_fixture->beside(), QStringList{u"staged"_s});
}

void TestRecovery::acc068_brokenOff_data()
{
    QTest::addColumn<QString>("acts");
    QTest::addColumn<QString>("version");
    QTest::addColumn<Recovery>("recovery");
    const auto row = [](const QString &acts, const QString &version, Recovery recovery) {
        QTest::newRow(qPrintable(acts)) << acts << version << recovery;
    };
    row(u"prepare"_s, u"1.0"_s, undone);
    row(u"prepare, damage the app"_s, u"1.0, damaged: data/shipped.txt"_s, undone);
    // Somebody should have waited for "ready", and is gone.
    row(u"prepare, exchange"_s, u"1.0"_s, undone);
    row(u"prepare, exchange, carry one"_s, u"1.0"_s, undone);
    row(u"prepare, swap"_s, u"1.0"_s, undone);
    // Nobody had to.
    row(u"prepare unlaunched, exchange"_s, u"2.0"_s, finished);
    row(u"prepare unlaunched, exchange, carry one"_s, u"2.0"_s, finished);
    row(u"prepare unlaunched, swap"_s, u"2.0"_s, finished);
    row(u"prepare unlaunched, swap, damage the app"_s, u"1.0"_s, undone);
    row(u"prepare for good, exchange"_s, u"2.0"_s, finished);
    row(u"prepare for good, swap"_s, u"2.0"_s, finished);
    // Committing.
    row(u"prepare, swap, note committed"_s, u"2.0"_s, finished);
    row(u"update, prepare again, swap, note committed, remove part of previous"_s, u"2.0"_s,
        finished);
    row(u"update, prepare again, swap, note committed, remove previous"_s, u"2.0"_s, finished);
    row(u"prepare, swap, note committed, rename to previous"_s, u"2.0"_s, finished);
    row(u"prepare, swap, note committed, rename to previous, write result"_s, u"2.0"_s, finished);
    // On the way back.
    for (const QString &note : {u"note back"_s, u"note refused"_s}) {
        row(u"prepare, exchange, %1"_s.arg(note), u"1.0"_s, undone);
        row(u"prepare, swap, %1"_s.arg(note), u"1.0"_s, undone);
        row(u"prepare, swap, %1, exchange"_s.arg(note), u"1.0"_s, undone);
        row(u"prepare, swap, %1, exchange, carry one"_s.arg(note), u"1.0"_s, undone);
        row(u"prepare, swap, %1, exchange, carry"_s.arg(note), u"1.0"_s, undone);
        row(u"prepare, swap, %1, exchange, carry, refuse, remove part of staged"_s.arg(note),
            u"1.0"_s, undone);
        row(u"prepare, swap, %1, exchange, carry, remove staged"_s.arg(note), u"1.0"_s, undone);
        row(u"prepare, swap, %1, exchange, carry, remove staged, write result"_s.arg(note),
            u"1.0"_s, undone);
    }
    // A person goes back to the previous version.
    row(u"update, prepare rollback"_s, u"2.0"_s, undone);
    row(u"update, prepare rollback, exchange"_s, u"2.0"_s, undone);
    row(u"update, prepare rollback, swap"_s, u"2.0"_s, undone);
    row(u"update, prepare rollback unlaunched, exchange"_s, u"1.0"_s, finished);
    row(u"update, prepare rollback unlaunched, swap"_s, u"1.0"_s, finished);
    row(u"update, prepare rollback, swap, note committed"_s, u"1.0"_s, finished);
    row(u"update, prepare rollback, swap, note committed, remove part of previous"_s, u"1.0"_s,
        finished);
    row(u"update, prepare rollback, swap, note committed, remove previous"_s, u"1.0"_s, finished);
    row(u"update, prepare rollback, swap, note back"_s, u"2.0"_s, undone);
    row(u"update, prepare rollback, swap, note refused, exchange"_s, u"2.0"_s, undone);
    // The disk lost the journal's content.
    row(u"prepare, damage the journal"_s, u"1.0"_s, undone);
    row(u"prepare, swap, damage the journal"_s, u"2.0"_s, undone);
}

void TestRecovery::acc068_brokenOff()
{
    QFETCH(QString, acts);
    QFETCH(QString, version);
    QFETCH(Recovery, recovery);
    carryOut(acts.split(u", "_s));
    const auto recovered = recover();
    VERIFY_RESULT(recovered);
    QVERIFY(*recovered == recovery);
    QCOMPARE(m_fixture->appVersion(), version);
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
    QVERIFY(!fs::exists(layout().journal()));
    // What is left beside the app is complete.
    for (const fs::path &tree : {layout().previous(), layout().staged()}) {
        if (fs::exists(tree))
            QVERIFY2(m_fixture->versionOf(tree).size() == 3, tree.c_str());
    }
    const auto again = recover();
    VERIFY_RESULT(again);
    QVERIFY(*again == Recovery::Nothing);
}

void TestRecovery::refusedIsRemembered()
{
    carryOut({u"prepare"_s, u"swap"_s, u"note refused"_s});
    VERIFY_RESULT(recover());
    QVERIFY(refusedVersions(layout(), Refusal::Failed) == std::set<std::string>{"2.0"});
    QCOMPARE(Install::LastResult::read(layout())->result, "restored");
}

void TestRecovery::discardedChangeStaysStaged()
{
    carryOut({u"prepare"_s});
    VERIFY_RESULT(recover());
    QCOMPARE(m_fixture->versionOf(layout().staged()), u"2.0"_s);
    QCOMPARE(m_fixture->beside(), QStringList{u"staged"_s});
}

void TestRecovery::acc078_removesLeftovers()
{
    m_fixture->update();
    const QStringList clean = m_fixture->beside();
    fs::create_directories(layout().staging() / "bin");
    fs::create_directories(layout().probe() / "one");
    for (const char *name : {"staging/bin/half", "helper", "order", "journal.freshen-AbCdEf",
                             "order.freshen-AbCdEf", "result.freshen-AbCdEf",
                             "refused.freshen-AbCdEf"})
        writeText(layout().folder() / name, "left by a crash");
    VERIFY_RESULT(recover());
    QCOMPARE(m_fixture->beside(), clean);
    QCOMPARE(m_fixture->versionOf(layout().previous()), u"1.0"_s);
}

void TestRecovery::damagedJournalAndDamagedApp()
{
    carryOut({u"prepare"_s, u"swap"_s, u"damage the app"_s, u"damage the journal"_s});
    VERIFY_ERROR(recover(), ErrorCode::IO);
    // Nothing was touched: what a person may want to look at is all there.
    QVERIFY(fs::exists(layout().journal()));
    QCOMPARE(m_fixture->versionOf(layout().staged()), u"1.0"_s);
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
}

void TestRecovery::appThatSomebodyInstalledAnew()
{
    carryOut({u"prepare"_s, u"swap"_s});
    fs::rename(layout().app(), m_fixture->path("away"));
    m_fixture->makeTree(layout().app(), "3.0");
    VERIFY_RESULT(recover());
    QCOMPARE(m_fixture->appVersion(), u"3.0"_s);
    QVERIFY(!fs::exists(layout().journal()));
}

void TestRecovery::canBeUpdatedAgain()
{
    carryOut({u"prepare"_s, u"swap"_s});
    VERIFY_RESULT(recover());
    QCOMPARE(m_fixture->appVersion(), u"1.0"_s);
    m_fixture->makeTree(layout().staged(), "2.0");
    m_fixture->update();
    QCOMPARE(m_fixture->appVersion(), u"2.0"_s);
    QCOMPARE(m_fixture->lostUserFiles(layout().app()), QStringList());
}

QTEST_GUILESS_MAIN(TestRecovery)
#include "tst_recovery.moc"
