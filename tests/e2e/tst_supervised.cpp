// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The program's side of a supervisor.

#include "tests/support/supervision.h"

#include <QTcpSocket>
#include <QTest>

#include <csignal>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestSupervised : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aloneItServesAllTheSame();
    void overseer_stateOfAChild();
    void asksForARestart();
    void leavesWhenAsked();
    void learnsOfTheEndOfItsSupervisor();
    void selfTest();

private:
    static QStringList command(const Supervision &supervision)
    {
        return {QStringLiteral(FRESHEN_SUPERVISED_AGENT), QString::number(supervision.port()),
                supervision.shop.path(u"log"_s)};
    }
    static QByteArray log(const Supervision &supervision)
    {
        return readAll(supervision.shop.path(u"log"_s));
    }
    static QByteArray say(const Supervision &supervision, const QByteArray &word);
};

QByteArray TestSupervised::say(const Supervision &supervision, const QByteArray &word)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, quint16(supervision.port()));
    socket.write(word + '\n');
    (void)QTest::qWaitFor(
        [&] { return socket.state() == QAbstractSocket::UnconnectedState; }, 60'000);
    return socket.readAll().trimmed();
}

void TestSupervised::aloneItServesAllTheSame()
{
    Supervision supervision;
    QStringList arguments = command(supervision);
    const QString program = arguments.takeFirst();
    const auto agent = supervision.shop.start(program, arguments);
    QTRY_COMPARE(say(supervision, "who"), QByteArray("alone"));
    agent->kill();
    agent->waitForFinished();
}

void TestSupervised::overseer_stateOfAChild()
{
    Supervision supervision;
    // It says that it is ready by itself.
    QVERIFY(supervision.start({}, command(supervision)));
    QCOMPARE(say(supervision, "who"), QByteArray("1"));
}

void TestSupervised::asksForARestart()
{
    Supervision supervision;
    QVERIFY(supervision.start({u"--on-update"_s, u"handover"_s}, command(supervision)));
    QCOMPARE(say(supervision, "restart"), QByteArray("1"));
    QTRY_COMPARE(say(supervision, "who"), QByteArray("2"));
    // Without a source an update fails, and nothing else happens.
    QCOMPARE(say(supervision, "update"), QByteArray("2"));
    QTRY_COMPARE(log(supervision), QByteArray("leave\n"));
    QCOMPARE(say(supervision, "who"), QByteArray("2"));
}

void TestSupervised::leavesWhenAsked()
{
    Supervision supervision;
    QVERIFY(supervision.start({}, command(supervision)));
    QCOMPARE(supervision.ctl(u"stop"_s).status, 0);
    QCOMPARE(supervision.exitCode(), 0);
    // By a message and by a signal, and heard once.
    QCOMPARE(log(supervision), QByteArray("leave\n"));
    QVERIFY2(supervision.log().contains(u"Generation 1 ended with 0."_s),
             qPrintable(supervision.log()));
}

void TestSupervised::learnsOfTheEndOfItsSupervisor()
{
    Supervision supervision;
    QVERIFY(supervision.start({}, command(supervision)));
    const int agent = supervision.status()[u"process"_s].toInt();
    supervision.process().kill();
    QTRY_COMPARE(log(supervision), QByteArray("gone\n"));
    QCOMPARE(say(supervision, "who"), QByteArray("alone"));
    ::kill(agent, SIGTERM);
    QTRY_COMPARE(log(supervision), QByteArray("gone\nleave\n"));
}

void TestSupervised::selfTest()
{
    Supervision supervision;
    const Outcome outcome = supervision.shop.run(QStringLiteral(FRESHEN_SUPERVISED_AGENT),
                                                 {u"80"_s, u"--freshen-selftest"_s, u"abc"_s});
    QCOMPARE(outcome.status, 0);
    QCOMPARE(outcome.output, QByteArray("abc 1.0\n"));
}

QTEST_GUILESS_MAIN(TestSupervised)
#include "tst_supervised.moc"
