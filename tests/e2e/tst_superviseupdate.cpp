// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A supervised program is updated, or refuses to be: from the first look to the last word.

#include "tests/support/supervision.h"

#include <QDir>
#include <QJsonArray>
#include <QTcpServer>
#include <QTest>

#include <csignal>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestSuperviseUpdate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void overseer_example_data();
    void overseer_example();
    void plainProgramInAnotherLanguage();
    void overseer_waitingUpdateIsAppliedAtStart();
    void overseer_sameContentIsSkipped();
    void overseer_noRestartAfterFetch();
    void badBuild_data();
    void badBuild();
    void refused_data();
    void refused();
    void selfTestIsAskedOfTheStagedBuild();
    void acc087_crashLoopGoesBackOnce();
    void acc087_crashLoopWhileAServerIsSilent();
    void rollBackByControl_data();
    void rollBackByControl();
    void nothingToGoBackTo();
    void modeAndOwnerStay();
    void supervisorKilledWhileTheNewBuildIsJudged_data();
    void supervisorKilledWhileTheNewBuildIsJudged();
    void countersSurvive();
};

// Builds are dropped next to a running program; a request of a second that was begun before the
// update is still answered by the old one.
void TestSuperviseUpdate::overseer_example_data()
{
    QTest::addColumn<QString>("how");
    QTest::newRow("restart") << u"restart"_s;
    QTest::newRow("handover") << u"handover"_s;
}

void TestSuperviseUpdate::overseer_example()
{
    QFETCH(const QString, how);
    Supervision supervision;
    const QString drop = supervision.shop.path(u"new/agent"_s);
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start(supervision.forFile(
        {u"--source"_s, u"file:"_s + drop, u"--interval"_s, u"1"_s, u"--on-update"_s, how})));
    QCOMPARE(supervision.status()[u"version"_s].toString(), u"1.0"_s);
    for (const QString &version : {u"2.0"_s, u"3.0"_s}) {
        const QString before = supervision.ask().version;
        const auto slow = supervision.shop.start(
            u"curl"_s, {u"-sS"_s, u"http://127.0.0.1:%1/slow"_s.arg(supervision.port())});
        supervision.publish(drop, Supervision::build(version), version);
        QVERIFY2(supervision.answers(version), qPrintable(supervision.log()));
        QTRY_COMPARE_WITH_TIMEOUT(slow->state(), QProcess::NotRunning, 60'000);
        QVERIFY(slow->readAllStandardOutput().startsWith(before.toUtf8() + ' '));
        QTRY_COMPARE(supervision.status()[u"version"_s].toString(), version);
    }
    QCOMPARE(readAll(supervision.agent()), Supervision::build(u"3.0"_s));
    QCOMPARE(supervision.status()[u"previous"_s].toString(), u"2.0"_s);
    QTRY_COMPARE(supervision.status()[u"leaving"_s].toInt(), 0);
}

// The example in Python: handed over without a gap, and tested before.
void TestSuperviseUpdate::plainProgramInAnotherLanguage()
{
    Supervision supervision;
    const QString drop = supervision.shop.path(u"new/server.py"_s);
    QByteArray script = readAll(QStringLiteral(FRESHEN_EXAMPLES "/plain-server/server.py"));
    writeAll(supervision.agent(), script);
    QFile::setPermissions(supervision.agent(), QFile::Permissions(0x7755));
    supervision.sign(supervision.agent(), u"1.0"_s);
    QVERIFY2(supervision.start(supervision.forFile({u"--source"_s, u"file:"_s + drop,
                                                    u"--on-update"_s, u"handover"_s,
                                                    u"--self-test"_s})),
             qPrintable(supervision.log()));
    QCOMPARE(supervision.ask().version, u"1.0"_s);
    supervision.publish(drop, script.replace("\"1.0\"", "\"2.0\""), u"2.0"_s);
    const auto update = supervision.shop.start(
        u"freshen-supervise"_s, {u"ctl"_s, u"--control"_s, supervision.controlPath(), u"update"_s});
    while (!update->waitForFinished(1) && update->state() != QProcess::NotRunning)
        QVERIFY(!supervision.ask().version.isEmpty());
    QVERIFY2(update->exitCode() == 0, update->readAllStandardError());
    QVERIFY(supervision.answers(u"2.0"_s));
    QTRY_COMPARE(supervision.status()[u"leaving"_s].toInt(), 0);
    QCOMPARE(supervision.ask().generation, 2);
}

void TestSuperviseUpdate::overseer_waitingUpdateIsAppliedAtStart()
{
    Supervision supervision;
    const QString drop = supervision.shop.path(u"new/agent"_s);
    supervision.install(u"1.0"_s);
    supervision.publish(drop, Supervision::build(u"2.0"_s), u"2.0"_s);
    QVERIFY(supervision.start(supervision.forFile({u"--source"_s, u"file:"_s + drop})));
    const AgentAnswer answer = supervision.ask();
    QCOMPARE(answer.version, u"2.0"_s);
    QCOMPARE(answer.generation, 1);
}

void TestSuperviseUpdate::overseer_sameContentIsSkipped()
{
    Supervision supervision;
    const QString drop = supervision.shop.path(u"new/agent"_s);
    supervision.install(u"1.0"_s);
    supervision.publish(drop, Supervision::build(u"1.0"_s), u"1.0"_s);
    QVERIFY(supervision.start(supervision.forFile({u"--source"_s, u"file:"_s + drop})));
    const Outcome outcome = supervision.ctl(u"update"_s);
    QCOMPARE(outcome.json[u"result"_s].toString(), u"none"_s);
    QCOMPARE(outcome.status, 3);
    QCOMPARE(supervision.ask().generation, 1);
}

void TestSuperviseUpdate::overseer_noRestartAfterFetch()
{
    Supervision supervision;
    const QString drop = supervision.shop.path(u"new/agent"_s);
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start(supervision.forFile(
        {u"--source"_s, u"file:"_s + drop, u"--on-update"_s, u"wait"_s})));
    supervision.publish(drop, Supervision::build(u"2.0"_s), u"2.0"_s);
    QCOMPARE(supervision.ctl(u"check"_s).json[u"result"_s].toString(), u"waiting"_s);
    QCOMPARE(supervision.ask().version, u"1.0"_s);
    QCOMPARE(supervision.status()[u"staged"_s].toString(), u"2.0"_s);
    QCOMPARE(supervision.ctl(u"restart"_s).json[u"result"_s].toString(), u"updated"_s);
    QCOMPARE(supervision.ask().version, u"2.0"_s);
}

void TestSuperviseUpdate::badBuild_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("fault");
    for (const QString &how : {u"restart"_s, u"handover"_s}) {
        for (const char *fault : {"crash", "exit", "hang"})
            QTest::addRow("acc092_%s, %s", fault, qPrintable(how))
                << how << QString::fromLatin1(fault);
    }
}

// It is not ready in time: the old build is back, and is not replaced by the same one again.
void TestSuperviseUpdate::badBuild()
{
    QFETCH(const QString, how);
    QFETCH(const QString, fault);
    Supervision supervision;
    const QString drop = supervision.shop.path(u"new/agent"_s);
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start(supervision.forFile(
        {u"--source"_s, u"file:"_s + drop, u"--on-update"_s, how, u"--ready-timeout"_s, u"2"_s})));
    const AgentAnswer before = supervision.ask();
    supervision.publish(drop, Supervision::build(u"2.0"_s, fault), u"2.0"_s);
    const Outcome outcome = supervision.ctl(u"update"_s);
    QCOMPARE(outcome.errorCode(), u"ROLLED_BACK"_s);
    QCOMPARE(outcome.status, 6);
    const AgentAnswer after = supervision.ask();
    QCOMPARE(after.version, u"1.0"_s);
    if (how == u"handover"_s)
        QCOMPARE(after.process, before.process);
    QCOMPARE(readAll(supervision.agent()), Supervision::build(u"1.0"_s));
    QCOMPARE(supervision.ctl(u"update"_s).errorCode(), u"NOT_READY"_s);
    QCOMPARE(supervision.status()[u"refused"_s].toArray().first().toString(), u"2.0"_s);
    supervision.publish(drop, Supervision::build(u"3.0"_s), u"3.0"_s);
    QCOMPARE(supervision.ctl(u"update"_s).json[u"result"_s].toString(), u"updated"_s);
    QCOMPARE(supervision.ask().version, u"3.0"_s);
}

void TestSuperviseUpdate::refused_data()
{
    QTest::addColumn<QString>("version");
    QTest::addColumn<QString>("product");
    QTest::addColumn<bool>("isSigned");
    QTest::addColumn<bool>("isDamaged");
    QTest::addColumn<QString>("code");
    const QString product = u"org.example.agent"_s;
    QTest::newRow("damaged after signing") << u"2.0"_s << product << true << true << u"SIGNATURE"_s;
    QTest::newRow("unsigned") << u"2.0"_s << product << false << false << u"SIGNATURE"_s;
    QTest::newRow("older") << u"0.9"_s << product << true << false << u"DOWNGRADE"_s;
    QTest::newRow("another product")
        << u"2.0"_s << u"org.example.other"_s << true << false << u"WRONG_PRODUCT"_s;
}

void TestSuperviseUpdate::refused()
{
    QFETCH(const QString, version);
    QFETCH(const QString, product);
    QFETCH(const bool, isSigned);
    QFETCH(const bool, isDamaged);
    QFETCH(const QString, code);
    Supervision supervision;
    const QString drop = supervision.shop.path(u"new/agent"_s);
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start(supervision.forFile({u"--source"_s, u"file:"_s + drop})));
    writeAll(drop, Supervision::build(version));
    if (isSigned)
        supervision.sign(drop, version, product);
    if (isDamaged)
        flipBit(drop);
    const Outcome outcome = supervision.ctl(u"update"_s);
    QCOMPARE(outcome.errorCode(), code);
    QCOMPARE(supervision.ask().generation, 1);
    QCOMPARE(readAll(supervision.agent()), Supervision::build(u"1.0"_s));
    const QJsonObject status = supervision.status();
    QCOMPARE(status[u"lastError"_s][u"code"_s].toString(), code);
    QCOMPARE(status[u"failures"_s].toInt(), 1);
}

void TestSuperviseUpdate::selfTestIsAskedOfTheStagedBuild()
{
    Supervision supervision;
    const QString drop = supervision.shop.path(u"new/agent"_s);
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start(supervision.forFile(
        {u"--source"_s, u"file:"_s + drop, u"--self-test"_s})));
    supervision.publish(drop, Supervision::build(u"2.0"_s, u"untested"_s), u"2.0"_s);
    QCOMPARE(supervision.ctl(u"update"_s).errorCode(), u"SELF_TEST"_s);
    QCOMPARE(supervision.ask().generation, 1);
    // It says another version than its signature.
    supervision.publish(drop, Supervision::build(u"9.0"_s), u"2.1"_s);
    QCOMPARE(supervision.ctl(u"update"_s).errorCode(), u"SELF_TEST"_s);
    supervision.publish(drop, Supervision::build(u"3.0"_s), u"3.0"_s);
    QCOMPARE(supervision.ctl(u"update"_s).json[u"result"_s].toString(), u"updated"_s);
    QCOMPARE(supervision.ask().version, u"3.0"_s);
}

// It says that it is ready and crashes as soon as it is used.
void TestSuperviseUpdate::acc087_crashLoopGoesBackOnce()
{
    Supervision supervision;
    const QString drop = supervision.shop.path(u"new/agent"_s);
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start(supervision.forFile(
        {u"--source"_s, u"file:"_s + drop, u"--keep-alive"_s})));
    supervision.publish(drop, Supervision::build(u"2.0"_s, u"late"_s), u"2.0"_s);
    QCOMPARE(supervision.ctl(u"update"_s).json[u"result"_s].toString(), u"updated"_s);
    for (int i = 0; i < 5; ++i)
        QCOMPARE(supervision.ask().version, u"2.0"_s);
    QCOMPARE(supervision.ask().version, u"1.0"_s);
    QTRY_COMPARE(supervision.status()[u"version"_s].toString(), u"1.0"_s);
    QCOMPARE(supervision.ctl(u"update"_s).json[u"result"_s].toString(), u"none"_s);
    // Not even when it is built anew.
    supervision.publish(drop, Supervision::build(u"2.0"_s, u"late again"_s), u"2.0"_s);
    QCOMPARE(supervision.ctl(u"update"_s).errorCode(), u"NOT_READY"_s);
    QCOMPARE(supervision.ask().version, u"1.0"_s);
}

void TestSuperviseUpdate::acc087_crashLoopWhileAServerIsSilent()
{
    Supervision supervision;
    const QString drop = supervision.shop.path(u"new/agent"_s);
    supervision.install(u"1.0"_s);
    supervision.publish(drop, Supervision::build(u"2.0"_s, u"late"_s), u"2.0"_s);
    QVERIFY(supervision.start(supervision.forFile({u"--source"_s, u"file:"_s + drop})));
    QTRY_COMPARE(supervision.status()[u"version"_s].toString(), u"2.0"_s);
    QCOMPARE(supervision.ctl(u"stop"_s).status, 0);
    QCOMPARE(supervision.exitCode(), 0);
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    QVERIFY(supervision.start(supervision.forFile(
        {u"--keep-alive"_s, u"--source"_s,
         u"http://127.0.0.1:%1/agent"_s.arg(silent.serverPort())})));
    QCOMPARE(supervision.status()[u"task"_s].toString(), u"looking"_s);
    QVERIFY2(supervision.answers(u"1.0"_s), qPrintable(supervision.log()));
}

void TestSuperviseUpdate::rollBackByControl_data()
{
    QTest::addColumn<bool>("isTree");
    QTest::newRow("file") << false;
    QTest::newRow("tree") << true;
}

void TestSuperviseUpdate::rollBackByControl()
{
    QFETCH(const bool, isTree);
    Supervision supervision;
    const QString drop = supervision.shop.path(u"new/agent"_s);
    QStringList options;
    if (isTree) {
        supervision.releaseTree(u"1.0"_s);
        supervision.shop.install(u"1.0"_s);
        supervision.releaseTree(u"2.0"_s);
        options = supervision.forTree(
            {u"--source"_s, u"appcast:"_s + supervision.shop.url(u"appcast.xml"_s)});
    } else {
        supervision.install(u"1.0"_s);
        supervision.publish(drop, Supervision::build(u"2.0"_s), u"2.0"_s);
        options = supervision.forFile({u"--source"_s, u"file:"_s + drop});
    }
    QVERIFY(supervision.start(options));
    QVERIFY2(supervision.answers(u"2.0"_s), qPrintable(supervision.log()));
    QTRY_COMPARE(supervision.status()[u"previous"_s].toString(), u"1.0"_s);
    const Outcome outcome = supervision.ctl(u"rollback"_s);
    QVERIFY2(outcome.status == 0, outcome.output);
    QCOMPARE(outcome.json[u"to"_s].toString(), u"1.0"_s);
    QCOMPARE(supervision.ask().version, u"1.0"_s);
    // Whoever went back does not want it again by itself.
    QVERIFY(supervision.ctl(u"update"_s).status != 0);
    QCOMPARE(supervision.ask().version, u"1.0"_s);
    QCOMPARE(supervision.ctl(u"rollback"_s).errorCode(), u"NO_PREVIOUS"_s);
}

void TestSuperviseUpdate::nothingToGoBackTo()
{
    Supervision supervision;
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start(supervision.forFile()));
    const Outcome outcome = supervision.ctl(u"rollback"_s);
    QCOMPARE(outcome.errorCode(), u"NO_PREVIOUS"_s);
    QCOMPARE(outcome.status, 3);
    QCOMPARE(supervision.ask().generation, 1);
}

void TestSuperviseUpdate::modeAndOwnerStay()
{
    Supervision supervision;
    const QString drop = supervision.shop.path(u"new/agent"_s);
    supervision.install(u"1.0"_s);
    QFile::setPermissions(supervision.agent(), QFile::Permissions(0x7500));
    const auto mode = QFile::permissions(supervision.agent());
    supervision.publish(drop, Supervision::build(u"2.0"_s), u"2.0"_s);
    QVERIFY(supervision.start(supervision.forFile({u"--source"_s, u"file:"_s + drop})));
    QVERIFY(supervision.answers(u"2.0"_s));
    QCOMPARE(QFile::permissions(supervision.agent()), mode);
}

void TestSuperviseUpdate::supervisorKilledWhileTheNewBuildIsJudged_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<bool>("isTree");
    for (const QString &how : {u"restart"_s, u"handover"_s}) {
        QTest::addRow("%s, file", qPrintable(how)) << how << false;
        QTest::addRow("%s, tree", qPrintable(how)) << how << true;
    }
}

// The new one never had its chance to say that it is ready: the next supervisor runs the old one.
void TestSuperviseUpdate::supervisorKilledWhileTheNewBuildIsJudged()
{
    QFETCH(const QString, how);
    QFETCH(const bool, isTree);
    Supervision supervision;
    const QString drop = supervision.shop.path(u"new/agent"_s);
    QStringList options;
    if (isTree) {
        supervision.releaseTree(u"1.0"_s);
        supervision.shop.install(u"1.0"_s);
        options = supervision.forTree(
            {u"--source"_s, u"appcast:"_s + supervision.shop.url(u"appcast.xml"_s)});
    } else {
        supervision.install(u"1.0"_s);
        options = supervision.forFile({u"--source"_s, u"file:"_s + drop});
    }
    options += {u"--on-update"_s, how};
    QVERIFY(supervision.start(options));
    if (isTree)
        supervision.releaseTree(u"2.0"_s, u"hang"_s);
    else
        supervision.publish(drop, Supervision::build(u"2.0"_s, u"hang"_s), u"2.0"_s);
    const auto update = supervision.shop.start(
        u"freshen-supervise"_s, {u"ctl"_s, u"--control"_s, supervision.controlPath(), u"update"_s});
    const QString program = isTree ? supervision.shop.app() + u"/bin/agent"_s : supervision.agent();
    QTRY_COMPARE_WITH_TIMEOUT(readAll(program), Supervision::build(u"2.0"_s, u"hang"_s), 60'000);
    QTRY_VERIFY_WITH_TIMEOUT(supervision.log().contains(u"Started generation 2"_s), 60'000);
    supervision.process().kill();
    supervision.process().waitForFinished();
    update->waitForFinished();
    QStringList without = isTree ? supervision.forTree() : supervision.forFile();
    QVERIFY2(supervision.start(without), qPrintable(supervision.log()));
    QCOMPARE(supervision.ask().version, u"1.0"_s);
    QCOMPARE(readAll(program), Supervision::build(u"1.0"_s));
}

void TestSuperviseUpdate::countersSurvive()
{
    Supervision supervision;
    const QString drop = supervision.shop.path(u"new/agent"_s);
    supervision.install(u"1.0"_s);
    supervision.publish(drop, Supervision::build(u"2.0"_s), u"2.0"_s);
    const QStringList options = supervision.forFile({u"--source"_s, u"file:"_s + drop});
    QVERIFY(supervision.start(options));
    QTRY_COMPARE(supervision.status()[u"updates"_s].toInt(), 1);
    QCOMPARE(supervision.ctl(u"stop"_s).status, 0);
    QCOMPARE(supervision.exitCode(), 0);
    QVERIFY(supervision.start(options));
    const QJsonObject status = supervision.status();
    QCOMPARE(status[u"updates"_s].toInt(), 1);
    QCOMPARE(status[u"version"_s].toString(), u"2.0"_s);
    QCOMPARE(status[u"generation"_s].toInt(), 2);
}

QTEST_GUILESS_MAIN(TestSuperviseUpdate)
#include "tst_superviseupdate.moc"
