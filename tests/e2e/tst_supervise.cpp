// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A program under a supervisor, both as real processes: started, kept, asked, and ended.

#include "tests/support/supervision.h"

#include <QDir>
#include <QJsonArray>
#include <QTcpSocket>
#include <QTest>

#include <csignal>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestSupervise : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void programWithoutAnythingElse();
    void overseer_exitCodeIsPassedOn_data();
    void overseer_exitCodeIsPassedOn();
    void portStaysOpenWhileTheProgramIsStartedAgain();
    void crashLoopEndsIt();
    void socketsAndVariables();
    void restartByControl();
    void handoverRestartAnswersAllTheTime();
    void overseer_stubbornProgramIsKilled();
    void signalsMeanLeaveAndRestart();
    void stopByControl();
    void secondSupervisorIsRefused();
    void controlIsForItsUser();
    void acc094_killedSupervisorLeavesThePortOpen();
    void acc094_newSupervisorTakesThePortOver();
    void serviceManagerIsTold();
    void overseer_wrongOptionsAreRefused_data();
    void overseer_wrongOptionsAreRefused();
};

// The agent says READY=1, and nobody wants an update.
void TestSupervise::programWithoutAnythingElse()
{
    Supervision supervision;
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start({}, {supervision.agent()}));
    const AgentAnswer answer = supervision.ask();
    QCOMPARE(answer.version, u"1.0"_s);
    QCOMPARE(answer.generation, 1);
    QCOMPARE(supervision.status()[u"process"_s].toInt(), answer.process);
    QCOMPARE(supervision.ctl(u"update"_s).errorCode(), u"CONFIG"_s);
}

void TestSupervise::overseer_exitCodeIsPassedOn_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::addColumn<int>("code");
    const QString agent = QStringLiteral(FRESHEN_TEST_AGENT);
    QTest::newRow("success") << QStringList{agent, u"--exit"_s, u"0"_s} << 0;
    QTest::newRow("failure") << QStringList{agent, u"--exit"_s, u"3"_s} << 3;
    QTest::newRow("highest") << QStringList{agent, u"--exit"_s, u"255"_s} << 255;
    QTest::newRow("signal") << QStringList{u"sh"_s, u"-c"_s, u"kill -KILL $$"_s} << 128 + SIGKILL;
    QTest::newRow("empty argument")
        << QStringList{u"sh"_s, u"-c"_s, u"test $# = 2 && test -z \"$1\" && exit 7"_s, u"sh"_s,
                       QString(), u"b"_s}
        << 7;
}

void TestSupervise::overseer_exitCodeIsPassedOn()
{
    QFETCH(const QStringList, command);
    QFETCH(const int, code);
    Supervision supervision;
    supervision.launch({u"--pass-exit"_s}, command);
    QCOMPARE(supervision.exitCode(), code);
}

void TestSupervise::portStaysOpenWhileTheProgramIsStartedAgain()
{
    Supervision supervision;
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start({u"--keep-alive"_s}, {supervision.agent()}));
    QCOMPARE(supervision.ask(u"/exit/3"_s).generation, 1);
    // Nobody accepts now, yet nobody is refused.
    QCOMPARE(supervision.ask().generation, 2);
    QCOMPARE(supervision.ask(u"/exit/0"_s).generation, 2);
    QCOMPARE(supervision.ask().generation, 3);
}

void TestSupervise::crashLoopEndsIt()
{
    Supervision supervision;
    supervision.launch({u"--keep-alive"_s},
                       {QStringLiteral(FRESHEN_TEST_AGENT), u"--exit"_s, u"9"_s});
    QCOMPARE(supervision.exitCode(), 9);
    const QString log = supervision.log();
    QVERIFY2(log.contains(u"It ended 5 times"_s), qPrintable(log));
    QCOMPARE(log.count(u"Started generation"_s), 5);
}

void TestSupervise::socketsAndVariables()
{
    Supervision supervision;
    const QString script =
        u"test \"$LISTEN_PID\" = $$ && test \"$LISTEN_FDS\" = 3 && "
        "test \"$LISTEN_FDNAMES\" = http:ctl:dns && test -S /dev/fd/3 && test -S /dev/fd/5 && "
        "test -n \"$NOTIFY_SOCKET\" && test \"$FRESHEN_GENERATION\" = 1 && "
        "test -z \"$FRESHEN_TOKEN\" && exit 42"_s;
    supervision.shop.environment[u"FRESHEN_TOKEN"_s] = u"secret"_s;
    supervision.launch({u"--listen"_s, u"ctl=unix:"_s + supervision.shop.path(u"run/ctl"_s),
                        u"--listen"_s, u"dns=udp:[::1]:0"_s},
                       {u"sh"_s, u"-c"_s, script});
    QCOMPARE(supervision.exitCode(), 42);
    QVERIFY(!QFile::exists(supervision.shop.path(u"run/ctl"_s)));
}

void TestSupervise::restartByControl()
{
    Supervision supervision;
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start({}, {supervision.agent()}));
    const AgentAnswer before = supervision.ask();
    const Outcome outcome = supervision.ctl(u"restart"_s);
    QCOMPARE(outcome.json[u"result"_s].toString(), u"restarted"_s);
    const AgentAnswer after = supervision.ask();
    QCOMPARE(after.generation, before.generation + 1);
    QVERIFY(after.process != before.process);
}

void TestSupervise::handoverRestartAnswersAllTheTime()
{
    Supervision supervision;
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start({u"--on-update"_s, u"handover"_s}, {supervision.agent()}));
    for (int generation = 2; generation < 7; ++generation) {
        const auto restart = supervision.shop.start(
            u"freshen-supervise"_s, {u"ctl"_s, u"--control"_s, supervision.controlPath(),
                                     u"restart"_s});
        while (restart->state() != QProcess::NotRunning) {
            QCOMPARE(supervision.ask().version, u"1.0"_s);
            restart->waitForFinished(1);
        }
        QCOMPARE(restart->exitCode(), 0);
        QVERIFY(supervision.answers(u"1.0"_s));
    }
    QCOMPARE(supervision.status()[u"generation"_s].toInt(), 6);
}

void TestSupervise::overseer_stubbornProgramIsKilled()
{
    Supervision supervision;
    supervision.install(u"1.0"_s, u"stubborn"_s);
    QVERIFY(supervision.start({u"--drain"_s, u"1"_s}, {supervision.agent()}));
    QCOMPARE(supervision.ctl(u"restart"_s).status, 0);
    QCOMPARE(supervision.ask().generation, 2);
    QTRY_VERIFY(supervision.log().contains(u"Generation 1 ended with %1"_s.arg(128 + SIGKILL)));
}

void TestSupervise::signalsMeanLeaveAndRestart()
{
    Supervision supervision;
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start({}, {supervision.agent()}));
    ::kill(pid_t(supervision.process().processId()), SIGHUP);
    QTRY_COMPARE_WITH_TIMEOUT(supervision.ask().generation, 2, 30'000);
    const int child = supervision.ask().process;
    supervision.process().terminate();
    QCOMPARE(supervision.exitCode(), 0);
    QVERIFY(::kill(child, 0) != 0);
}

void TestSupervise::stopByControl()
{
    Supervision supervision;
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start({}, {supervision.agent()}));
    QCOMPARE(supervision.ctl(u"stop"_s).json[u"result"_s].toString(), u"stopping"_s);
    QCOMPARE(supervision.exitCode(), 0);
    QCOMPARE(supervision.ctl(u"status"_s).errorCode(), u"NO_SUPERVISOR"_s);
}

void TestSupervise::secondSupervisorIsRefused()
{
    Supervision supervision;
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start({}, {supervision.agent()}));
    const Outcome second = supervision.shop.run(
        u"freshen-supervise"_s,
        {u"--control"_s, supervision.controlPath(), u"--json"_s, u"--"_s, supervision.agent()});
    QCOMPARE(second.errorCode(), u"BUSY"_s);
    QCOMPARE(supervision.ask().generation, 1);
}

void TestSupervise::controlIsForItsUser()
{
    Supervision supervision;
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start({}, {supervision.agent()}));
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY(!(QFile::permissions(supervision.controlPath()) & others));
    QCOMPARE(supervision.ctl(u"dance"_s).errorCode(), u"USAGE"_s);
}

void TestSupervise::acc094_killedSupervisorLeavesThePortOpen()
{
    Supervision supervision;
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start({}, {supervision.agent()}));
    supervision.process().kill();
    supervision.process().waitForFinished();
    const AgentAnswer answer = supervision.ask();
    QCOMPARE(answer.generation, 1);
    ::kill(answer.process, SIGKILL);
}

void TestSupervise::acc094_newSupervisorTakesThePortOver()
{
    Supervision supervision;
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start(supervision.forFile()));
    const AgentAnswer before = supervision.ask();
    supervision.process().kill();
    supervision.process().waitForFinished();
    // So that the old one, which closes its sockets at once, takes a while to leave.
    QTcpSocket slow;
    slow.connectToHost(QHostAddress::LocalHost, quint16(supervision.port()));
    slow.write("GET /slow HTTP/1.1\r\nConnection: close\r\n\r\n");
    QVERIFY(slow.waitForBytesWritten());
    supervision.launch(supervision.forFile());
    // From the first moment on, and by the old or the new one.
    AgentAnswer answer;
    do {
        answer = supervision.ask();
        QCOMPARE(answer.version, u"1.0"_s);
    } while (answer.generation == before.generation);
    QCOMPARE(answer.generation, before.generation + 1);
    QTRY_COMPARE(slow.state(), QAbstractSocket::UnconnectedState);
    QVERIFY(slow.readAll().contains("\r\n\r\n1.0 "));
    QTRY_VERIFY(::kill(before.process, 0) != 0);
}

void TestSupervise::serviceManagerIsTold()
{
    Supervision supervision;
    supervision.install(u"1.0"_s);
    const QString script = supervision.shop.path(u"manager.py"_s);
    writeAll(script, R"(
import os, socket, subprocess, sys
name = sys.argv[1]
ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
ear.bind(name)
listening = socket.socket()
listening.bind(("127.0.0.1", 0))
listening.listen()
port = listening.getsockname()[1]
def place():
    os.dup2(listening.fileno(), 3)
    os.environ["LISTEN_PID"] = str(os.getpid())
env = dict(os.environ, NOTIFY_SOCKET=name, WATCHDOG_USEC="200000", LISTEN_FDS="1",
           LISTEN_FDNAMES="web")
# The number of the process is known only after the fork, so a shell sets it.
child = subprocess.Popen(["sh", "-c", 'LISTEN_PID=$$ exec "$@"', "sh"] + sys.argv[2:],
                         env=env, preexec_fn=lambda: os.dup2(listening.fileno(), 3),
                         pass_fds=(3,))
listening.close()
said = set()
ear.settimeout(60)
while not {"READY=1", "WATCHDOG=1"} <= said:
    said.add(ear.recv(4096).decode())
client = socket.create_connection(("127.0.0.1", port))
client.sendall(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
answer = b""
while block := client.recv(4096):
    answer += block
child.terminate()
while "STOPPING=1" not in said:
    said.add(ear.recv(4096).decode())
child.wait()
print(answer.decode().split()[-3:], sorted(said & {"READY=1", "WATCHDOG=1", "STOPPING=1"}))
)");
    const Outcome outcome = supervision.shop.run(
        u"python3"_s, {script, supervision.shop.path(u"notify"_s),
                       QStringLiteral(FRESHEN_BUILD_BIN "/freshen-supervise"), u"--control"_s,
                       supervision.controlPath(), u"--"_s, supervision.agent()});
    QVERIFY2(outcome.output.contains("['1.0', '1', "), outcome.errors);
    QVERIFY2(outcome.output.contains("['READY=1', 'STOPPING=1', 'WATCHDOG=1']"), outcome.output);
}

void TestSupervise::overseer_wrongOptionsAreRefused_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::newRow("nothing to run") << QStringList{u"--keep-alive"_s};
    QTest::newRow("no such socket") << QStringList{u"--listen"_s, u"http"_s, u"--"_s, u"true"_s};
    QTest::newRow("name twice") << QStringList{u"--listen"_s, u"a=tcp:127.0.0.1:0"_s, u"--listen"_s,
                                               u"a=tcp:127.0.0.1:0"_s, u"--"_s, u"true"_s};
    QTest::newRow("both exits") << QStringList{u"--keep-alive"_s, u"--pass-exit"_s, u"--"_s,
                                               u"true"_s};
    QTest::newRow("interval") << QStringList{u"--interval"_s, u"0"_s, u"--"_s, u"true"_s};
    QTest::newRow("on-update") << QStringList{u"--on-update"_s, u"never"_s, u"--"_s, u"true"_s};
    QTest::newRow("source without a target") << QStringList{u"--source"_s, u"http://localhost/x"_s,
                                                            u"--"_s, u"true"_s};
    QTest::newRow("source without a key")
        << QStringList{u"--program"_s, QStringLiteral(FRESHEN_TEST_AGENT), u"--source"_s,
                       u"http://localhost/x"_s};
    QTest::newRow("unknown source")
        << QStringList{u"--program"_s, QStringLiteral(FRESHEN_TEST_AGENT), u"--allow-unsigned"_s,
                       u"--source"_s, u"gopher:x"_s};
}

void TestSupervise::overseer_wrongOptionsAreRefused()
{
    QFETCH(const QStringList, options);
    Supervision supervision;
    const Outcome outcome = supervision.shop.run(
        u"freshen-supervise"_s,
        QStringList{u"--json"_s, u"--control"_s, supervision.controlPath()} + options);
    QCOMPARE(outcome.errorCode(), u"USAGE"_s);
    QCOMPARE(outcome.status, 2);
}

QTEST_GUILESS_MAIN(TestSupervise)
#include "tst_supervise.moc"
