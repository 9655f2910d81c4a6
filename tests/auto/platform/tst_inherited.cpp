// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/inherited.h"
#include "platform/paths.h"
#include "platform/process.h"

#include "tests/support/resultcheck.h"

#include <QTest>

#include <cstdlib>
#include <iostream>

#include <fcntl.h>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Platform::Clock;
using Platform::Descriptor;
using Platform::StartRequest;

class TestInherited : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesAndOrder();
    void tableflip_TestFilesAreNonblocking();
    void noneIsOverwrittenBeforeItsTurn();
    void acc098_wrongProcess_data();
    void acc098_wrongProcess();
    void acc096_wrongCounts_data();
    void acc096_wrongCounts();
    void listNames_data();
    void listNames();
};

namespace {

// This program, started by a shell with the variables as they are, which knows its own number.
QString startedWith(const char *variables)
{
    StartRequest request;
    request.program = "/bin/sh";
    request.arguments = {"-c", std::string("export ") + variables + "; exec \"$0\" inherited",
                         Platform::executablePath().string()};
    request.environment = {"PATH=/usr/bin:/bin"};
    const Descriptor first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const Descriptor second(::open("/dev/zero", O_RDONLY | O_CLOEXEC));
    request.descriptors = {first.value(), second.value()};
    const auto output = Platform::readOutput(request, Clock::now() + std::chrono::seconds(30));
    return QString::fromStdString(output ? *output : output.error().message);
}

// What the child says of what it got.
int report()
{
    const auto taken = Platform::takeInherited();
    if (!taken) {
        std::cout << errorCodeName(taken.error().code) << ": " << taken.error().message;
        return 0;
    }
    for (const auto &[name, descriptor] : *taken) {
        const int fd = descriptor.value();
        const bool closedOnExec = ::fcntl(fd, F_GETFD) & FD_CLOEXEC;
        std::cout << name << '=' << fd << (closedOnExec ? "" : " open for all")
                  << (::fcntl(fd, F_GETFL) & O_NONBLOCK ? " non-blocking" : "") << '\n';
    }
    const auto again = Platform::takeInherited();
    if (!again || !again->empty() || std::getenv("LISTEN_FDS") || std::getenv("LISTEN_PID")
        || std::getenv("LISTEN_FDNAMES"))
        std::cout << "not forgotten\n";
    return 0;
}

} // namespace

void TestInherited::namesAndOrder()
{
    StartRequest request;
    request.program = Platform::executablePath();
    request.arguments = {"inherited"};
    const Descriptor file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    request.descriptors = {file.value(), file.value(), file.value()};
    request.listenNames = {"http", Platform::toListName("tcp:[::1]:80, süß"), ""};
    const auto output = Platform::readOutput(request, Clock::now() + std::chrono::seconds(30));
    VERIFY_RESULT(output);
    QCOMPARE(QString::fromStdString(*output), u"http=3\ntcp:[::1]:80, süß=4\n=5\n"_s);
    QCOMPARE(startedWith("LISTEN_PID=$$ LISTEN_FDS=2"), u"unknown=3\nunknown=4\n"_s);
}

void TestInherited::tableflip_TestFilesAreNonblocking()
{
    StartRequest request;
    request.program = Platform::executablePath();
    request.arguments = {"inherited"};
    const Descriptor file(::open("/dev/null", O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    request.descriptors = {file.value()};
    request.listenNames = {"file"};
    const auto output = Platform::readOutput(request, Clock::now() + std::chrono::seconds(30));
    VERIFY_RESULT(output);
    QCOMPARE(QString::fromStdString(*output), u"file=3 non-blocking\n"_s);
}

// The number of the last one is the place of one before it.
void TestInherited::noneIsOverwrittenBeforeItsTurn()
{
    const Descriptor last(::open("/dev/null", O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    const Descriptor other(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    StartRequest request;
    request.program = Platform::executablePath();
    request.arguments = {"inherited"};
    QByteArray expected;
    const int count = last.value() - 3 + 2;
    for (int i = 0; i < count; ++i) {
        const bool isLast = i == count - 1;
        request.descriptors.push_back(isLast ? last.value() : other.value());
        request.listenNames.push_back("file");
        expected += "file=" + QByteArray::number(3 + i) + (isLast ? " non-blocking\n" : "\n");
    }
    const auto output = Platform::readOutput(request, Clock::now() + std::chrono::seconds(30));
    VERIFY_RESULT(output);
    QCOMPARE(QByteArray::fromStdString(*output), expected);
}

void TestInherited::acc098_wrongProcess_data()
{
    QTest::addColumn<QByteArray>("variables");
    QTest::newRow("another one") << QByteArray("LISTEN_PID=1 LISTEN_FDS=2 LISTEN_FDNAMES=a:b");
    QTest::newRow("none") << QByteArray("LISTEN_FDS=2 LISTEN_FDNAMES=a:b");
    QTest::newRow("no number") << QByteArray("LISTEN_PID=$$x LISTEN_FDS=2");
    QTest::newRow("no count") << QByteArray("LISTEN_PID=$$");
}

void TestInherited::acc098_wrongProcess()
{
    QFETCH(QByteArray, variables);
    QCOMPARE(startedWith(variables), QString());
}

void TestInherited::acc096_wrongCounts_data()
{
    QTest::addColumn<QByteArray>("variables");
    QTest::newRow("more than open") << QByteArray("LISTEN_PID=$$ LISTEN_FDS=4");
    QTest::newRow("too few names") << QByteArray("LISTEN_PID=$$ LISTEN_FDS=2 LISTEN_FDNAMES=a");
    QTest::newRow("too many names") << QByteArray("LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=a:b");
    QTest::newRow("negative") << QByteArray("LISTEN_PID=$$ LISTEN_FDS=-1");
    QTest::newRow("no number") << QByteArray("LISTEN_PID=$$ LISTEN_FDS=two");
    QTest::newRow("huge") << QByteArray("LISTEN_PID=$$ LISTEN_FDS=2147483647");
}

void TestInherited::acc096_wrongCounts()
{
    QFETCH(QByteArray, variables);
    const QString said = startedWith(variables);
    QVERIFY2(said.startsWith(u"PROTOCOL: "_s), qPrintable(said));
}

void TestInherited::listNames_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("listed");
    QTest::newRow("plain") << QByteArray("http-1.sock") << QByteArray("http-1.sock");
    QTest::newRow("colon") << QByteArray("a:b") << QByteArray("a%3Ab");
    QTest::newRow("percent") << QByteArray("%3A") << QByteArray("%253A");
    QTest::newRow("control") << QByteArray("\n\x7f ") << QByteArray("%0A%7F%20");
    QTest::newRow("other letters") << QByteArray("\xc3\xbc") << QByteArray("%C3%BC");
    QTest::newRow("none") << QByteArray() << QByteArray();
}

void TestInherited::listNames()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, listed);
    QCOMPARE(QByteArray::fromStdString(Platform::toListName(name.toStdString())), listed);
    QCOMPARE(QByteArray::fromStdString(Platform::fromListName(listed.toStdString())), name);
    // What others wrote as they liked.
    QCOMPARE(Platform::fromListName("100%"), std::string("100%"));
    QCOMPARE(Platform::fromListName("%-1%zz"), std::string("%-1%zz"));
}

int main(int argc, char **argv)
{
    if (argc == 2 && std::string_view(argv[1]) == "inherited")
        return report();
    TestInherited test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_inherited.moc"
