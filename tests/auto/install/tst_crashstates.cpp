// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Whatever a power cut leaves of an update, whole or in part: a complete version stands at the
// app's path, and the next start brings everything in order.

#include "tests/support/interruptedupdate.h"
#include "tests/support/weakdisk.h"

#include <QTest>

using namespace Freshen;

namespace {

constexpr int shownProblems = 10;

} // namespace

class TestCrashStates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void acc070_everyStateRecovers_data();
    void acc070_everyStateRecovers();
    void thereAreThousands();

private:
    std::size_t m_states = 0;
};

// A file system in memory: thousands of trees are written, and none has to last.
void TestCrashStates::initTestCase()
{
    if (Platform::isWritableDirectory("/dev/shm"))
        qputenv("TMPDIR", "/dev/shm");
}

void TestCrashStates::acc070_everyStateRecovers_data()
{
    QTest::addColumn<int>("index");
    QTest::addColumn<bool>("isInPieces");
    for (const bool isInPieces : {false, true}) {
        for (std::size_t i = 0; i < scenarios().size(); ++i)
            QTest::addRow("%s%s", scenarios()[i].name, isInPieces ? ", piece by piece" : "")
                << int(i) << isInPieces;
    }
}

void TestCrashStates::acc070_everyStateRecovers()
{
    QFETCH(int, index);
    QFETCH(bool, isInPieces);
    InterruptedUpdate update(scenarios()[std::size_t(index)], isInPieces);
    WeakDisk disk(update.fixture().layout().app().parent_path(), update.rule());
    update.run();
    int problems = 0;
    const std::size_t states = disk.eachState([&](const CrashState &state) {
        const FaultyFiles files(update.rule());
        const bool guardFirst = ++m_states % 2 == 0;
        if (problems > shownProblems)
            return;
        const QString problem = update.recover(state.isAtTheEnd, guardFirst);
        if (!problem.isEmpty() && ++problems <= shownProblems)
            qWarning("%s: %s", state.description.c_str(), qPrintable(problem));
    });
    qInfo("%zu calls, %zu states, %zu results", disk.calls().size(), states, update.results());
    QCOMPARE(problems, 0);
}

void TestCrashStates::thereAreThousands()
{
    qInfo("%zu states in all", m_states);
    QVERIFY(m_states >= 5000);
}

QTEST_GUILESS_MAIN(TestCrashStates)
#include "tst_crashstates.moc"
