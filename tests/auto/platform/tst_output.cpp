// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/process.h"

#include "tests/support/resultcheck.h"

#include <QTest>

#include <cerrno>

#include <sys/wait.h>

using namespace Freshen;
using Platform::Clock;

namespace {

Platform::StartRequest shell(const std::string &script)
{
    Platform::StartRequest request;
    request.program = "/bin/sh";
    request.arguments = {"-c", script};
    request.environment = {"PATH=/usr/bin:/bin"};
    return request;
}

Clock::time_point soon()
{
    return Clock::now() + std::chrono::seconds(60);
}

} // namespace

class TestOutput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup();
    void isRead_data();
    void isRead();
    void refused_data();
    void refused();
    void endsWithTheDeadline_data();
    void endsWithTheDeadline();
    void ofAMissingProgram();
};

// No child is ever left.
void TestOutput::cleanup()
{
    QCOMPARE(::waitpid(-1, nullptr, WNOHANG), -1);
    QCOMPARE(errno, ECHILD);
}

void TestOutput::isRead_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QByteArray>("output");
    QTest::newRow("nothing") << QByteArray("true") << QByteArray();
    QTest::newRow("lines") << QByteArray("echo one; echo two") << QByteArray("one\ntwo\n");
    QTest::newRow("errors are left out")
        << QByteArray("echo bad >&2; echo good") << QByteArray("good\n");
    QTest::newRow("there is no input") << QByteArray("cat; echo end") << QByteArray("end\n");
    QTest::newRow("as much as it may be")
        << QByteArray("printf '%0100d' 0") << QByteArray(100, '0');
}

void TestOutput::isRead()
{
    QFETCH(QByteArray, script);
    QFETCH(QByteArray, output);
    const auto text = Platform::readOutput(shell(script.toStdString()), soon(), 100);
    VERIFY_RESULT(text);
    QCOMPARE(QByteArray::fromStdString(*text), output);
}

void TestOutput::refused_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::newRow("failed") << QByteArray("echo text; exit 1");
    QTest::newRow("killed") << QByteArray("echo text; kill -9 $$");
    QTest::newRow("one byte too many") << QByteArray("printf '%0101d' 0");
    QTest::newRow("endless") << QByteArray("while true; do echo text; done");
}

void TestOutput::refused()
{
    QFETCH(QByteArray, script);
    const auto text = Platform::readOutput(shell(script.toStdString()), soon(), 100);
    VERIFY_ERROR(text, ErrorCode::HELPER);
    QVERIFY(text.error().message.find("/bin/sh") != std::string::npos);
}

void TestOutput::endsWithTheDeadline_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::newRow("silent") << QByteArray("exec sleep 1000");
    QTest::newRow("said all, stays") << QByteArray("echo text; exec sleep 1000 >&-");
}

void TestOutput::endsWithTheDeadline()
{
    QFETCH(QByteArray, script);
    const auto deadline = Clock::now() + std::chrono::milliseconds(200);
    VERIFY_ERROR(Platform::readOutput(shell(script.toStdString()), deadline), ErrorCode::HELPER);
    QVERIFY(Clock::now() >= deadline);
    QVERIFY(Clock::now() < deadline + std::chrono::seconds(60));
}

void TestOutput::ofAMissingProgram()
{
    Platform::StartRequest request;
    request.program = "/nonexistent/program";
    VERIFY_ERROR(Platform::readOutput(request, soon()), ErrorCode::HELPER);
}

QTEST_GUILESS_MAIN(TestOutput)
#include "tst_output.moc"
