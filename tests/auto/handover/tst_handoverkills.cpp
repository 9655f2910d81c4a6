// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Either version is stopped at each step of a handover and killed there, with both ways to hand
// over, while a client asks all the time.

#include "tests/auto/handover/killscene.h"

#include <QTest>

#include <csignal>

namespace {

// Whether the port lives through it, and how many of two live connections do.
struct Step {
    const char *name;
    bool isOpen;
    int kept;
};
using Steps = std::vector<Step>;

// The old version, when it is killed. Until the other process has the sockets, the port is gone
// with the only one that has it, and open again as soon as somebody starts the program; who asks
// for them in vain opens them anew. Later nobody is refused.
const Steps oldSteps[] = {{{"state HandingOver", false, 0},
                           {"send hello", false, 0},
                           {"sent hello", false, 0},
                           {"fork", false, 0},
                           {"forked", true, 0},
                           {"received ready", true, 0},
                           {"state Leaving", true, 0},
                           {"accept paused", true, 0},
                           {"leaving", true, 0},
                           {"send move", true, 0},
                           {"sent move", true, 1},
                           {"send move 2", true, 1},
                           {"sent move 2", true, 2},
                           {"received moved", true, 2},
                           {"received moved 2", true, 2},
                           {"state Finished", true, 2}},
                          {{"received takeover", false, 0},
                           {"state HandingOver", false, 0},
                           {"send hello", false, 0},
                           {"sent hello", false, 0},
                           {"send descriptors", false, 0},
                           {"sent descriptors", false, 0},
                           {"send descriptors 2", false, 0},
                           {"sent descriptors 2", true, 0},
                           {"received ready", true, 0},
                           {"state Leaving", true, 0},
                           {"accept paused", true, 0},
                           {"leaving", true, 0},
                           {"send move", true, 0},
                           {"sent move", true, 1},
                           {"send move 2", true, 1},
                           {"sent move 2", true, 2},
                           {"received moved", true, 2},
                           {"received moved 2", true, 2},
                           {"state Finished", true, 2}}};

// The next version, when it is killed. Until it said ready the old one serves on, as if nothing had
// happened. What said ready is the program: with it the port is gone like with any server that is
// killed, but what it did not take of the live connections is served by the old one to the end.
const Steps newSteps[] = {{{"begin", true, 2},
                           {"received hello", true, 2},
                           {"inherited", true, 2},
                           {"open", true, 2},
                           {"send ready", true, 2},
                           {"sent ready", false, 2},
                           {"state Serving", false, 2},
                           {"received move", false, 2},
                           {"send moved", false, 2},
                           {"sent moved", false, 1},
                           {"received move 2", false, 1},
                           {"send moved 2", false, 1},
                           {"sent moved 2", false, 0},
                           {"parent gone", false, 0}},
                          {{"begin", true, 2},
                           {"inherited", true, 2},
                           {"send takeover", true, 2},
                           {"sent takeover", true, 2},
                           {"received hello", true, 2},
                           {"received descriptors", true, 2},
                           {"received descriptors 2", true, 2},
                           {"taken over", true, 2},
                           {"open", true, 2},
                           {"send ready", true, 2},
                           {"sent ready", false, 2},
                           {"state Serving", false, 2},
                           {"received move", false, 2},
                           {"send moved", false, 2},
                           {"sent moved", false, 1},
                           {"received move 2", false, 1},
                           {"send moved 2", false, 1},
                           {"sent moved 2", false, 0},
                           {"parent gone", false, 0}}};

void addRows(const Steps (&ways)[2])
{
    QTest::addColumn<bool>("isRendezvous");
    QTest::addColumn<Step>("step");
    for (const bool isRendezvous : {false, true}) {
        for (const Step &step : ways[isRendezvous ? 1 : 0]) {
            QTest::addRow("%s: %s", isRendezvous ? "rendezvous" : "started", step.name)
                << isRendezvous << step;
        }
    }
}

} // namespace

Q_DECLARE_METATYPE(Step)

class TestHandoverKills : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyStepIsInTheTables_data();
    void everyStepIsInTheTables();
    void acc094_oldKilled_data() { addRows(oldSteps); }
    void acc094_oldKilled();
    void acc092_newKilled_data() { addRows(newSteps); }
    void acc092_newKilled();
    void acc094_oldKilledBeforeItWasAnswered_data();
    void acc094_oldKilledBeforeItWasAnswered();
};

void TestHandoverKills::everyStepIsInTheTables_data()
{
    QTest::addColumn<bool>("isRendezvous");
    QTest::newRow("started") << false;
    QTest::newRow("rendezvous") << true;
}

// What an undisturbed handover consists of; no step is left out below.
void TestHandoverKills::everyStepIsInTheTables()
{
    QFETCH(bool, isRendezvous);
    const auto names = [isRendezvous](const Steps(&ways)[2]) {
        QByteArrayList list;
        for (const Step &step : ways[isRendezvous ? 1 : 0])
            list.append(step.name);
        return list.join('|');
    };
    Scene scene(isRendezvous);
    QVERIFY(scene.start());
    const qsizetype before = scene.steps(scene.old()).size();
    scene.begin();
    QTRY_VERIFY_WITH_TIMEOUT(scene.steps(scene.findNext()).contains("parent gone"), 60'000);
    QCOMPARE(scene.steps(scene.old()).mid(before).join('|'), names(oldSteps));
    QCOMPARE(scene.steps(scene.findNext()).join('|'), names(newSteps));
    QCOMPARE(scene.client().refused(), 0);
    QCOMPARE(scene.client().lost(), 0);
    QCOMPARE(scene.keptCount(), 2);
    QVERIFY(scene.serveOn());
}

void TestHandoverKills::acc094_oldKilled()
{
    QFETCH(bool, isRendezvous);
    QFETCH(Step, step);
    Scene scene(isRendezvous);
    QVERIFY(scene.start());
    scene.talk(1).ask(QByteArray("set stop ") + step.name);
    scene.begin();
    QVERIFY(scene.waitUntilStopped(scene.old()));
    QVERIFY(scene.killOld());
    if (step.isOpen) {
        QVERIFY(scene.client().waitForAnswers(5));
        QCOMPARE(scene.client().refused(), 0);
        // The one that the old version was about to answer.
        QVERIFY(scene.client().lost() <= 1);
    } else {
        QVERIFY(scene.comesBack(!isRendezvous));
    }
    QCOMPARE(scene.keptCount(), step.kept);
    QVERIFY(scene.serveOn());
}

void TestHandoverKills::acc092_newKilled()
{
    QFETCH(bool, isRendezvous);
    QFETCH(Step, step);
    Scene scene(isRendezvous);
    QVERIFY(scene.start());
    scene.begin(step.name);
    QVERIFY(scene.findNext() > 0);
    QVERIFY(scene.waitUntilStopped(scene.findNext()));
    QVERIFY(scene.killNext());
    QCOMPARE(scene.keptCount(), step.kept);
    if (step.isOpen) {
        QCOMPARE(scene.talk(0).process(), scene.old());
        QVERIFY(scene.client().waitForAnswers(5));
        QTRY_VERIFY_WITH_TIMEOUT(scene.talk(0).ask("last").contains("state=Serving"), 30'000);
        QCOMPARE(scene.client().refused(), 0);
        QCOMPARE(scene.client().lost(), 0);
    } else {
        QVERIFY(scene.comesBack(true));
    }
    QVERIFY(scene.serveOn());
}

void TestHandoverKills::acc094_oldKilledBeforeItWasAnswered_data()
{
    QTest::addColumn<bool>("isRendezvous");
    QTest::addColumn<QByteArray>("nextStop");
    for (const bool isRendezvous : {false, true}) {
        for (const char *step : {"received move", "sent moved"}) {
            QTest::addRow("%s: %s", isRendezvous ? "rendezvous" : "started", step)
                << isRendezvous << QByteArray(step);
        }
    }
}

// Connections on their way when the old version dies belong to the next one, whether or not there
// is still somebody to be told.
void TestHandoverKills::acc094_oldKilledBeforeItWasAnswered()
{
    QFETCH(bool, isRendezvous);
    QFETCH(QByteArray, nextStop);
    Scene scene(isRendezvous);
    QVERIFY(scene.start());
    scene.talk(1).ask("set stop sent move 2");
    scene.begin(nextStop);
    QVERIFY(scene.waitUntilStopped(scene.old()));
    QVERIFY(scene.waitUntilStopped(scene.findNext()));
    QVERIFY(scene.killOld());
    ::kill(scene.findNext(), SIGCONT);
    QCOMPARE(scene.keptCount(), 2);
    QCOMPARE(scene.client().refused(), 0);
    QVERIFY(scene.serveOn());
}

QTEST_GUILESS_MAIN(TestHandoverKills)
#include "tst_handoverkills.moc"
