// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/process.h"

#include "tests/auto/platform/childprogram.h"
#include "tests/support/resultcheck.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Freshen;
using ChildProgram::Pipe;
using ChildProgram::waitForEnd;
using Platform::Clock;
using Platform::Process;

namespace fs = std::filesystem;

class TestProcess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void argumentsArriveAsTheyAre();
    void environmentIsExactlyTheGivenOne();
    void workingDirectory();
    void descriptorsBecomeThreeAndOn();
    void otherDescriptorsAreClosed();
    void signalsAreReset();
    void ownSession();
    void outputCanBeDiscarded();
    void missingProgramIsAnError_data();
    void missingProgramIsAnError();
    void exitCodes_data();
    void exitCodes();
    void endedBySignals();
    void handleOfSelf();
    void waitsForTheFirst();
    void waitsUntilTheDeadline();
    void descendants();
    void findsProcessesOfATree();
    void endsProcessesOfATree();

private:
    QTemporaryDir m_directory;
};

namespace {

std::string joined(const std::vector<std::string> &texts)
{
    std::string all;
    for (const std::string &text : texts)
        all.append(text).push_back('\0');
    return all;
}

// A shell of its own inside a tree, so that processes run from there.
fs::path shellIn(const QTemporaryDir &directory, const char *tree)
{
    const fs::path root = directory.filePath(QString::fromLatin1(tree)).toStdString();
    fs::create_directories(root);
    fs::copy_file("/bin/sh", root / "sh", fs::copy_options::overwrite_existing);
    return root / "sh";
}

// A script that reads from descriptor 3 until that ends.
Result<Process> startShell(const fs::path &shell, const std::string &script, const Pipe &pipe)
{
    Platform::StartRequest request;
    request.program = shell;
    request.arguments = {"-c", script};
    request.environment = Platform::currentEnvironment();
    request.descriptors = {pipe.readEnd.value()};
    return Process::start(request);
}

constexpr const char *waitingScript = "read line <&3";

} // namespace

void TestProcess::argumentsArriveAsTheyAre()
{
    const std::vector<std::string> odd = {"",          " ",
                                          "two words", "\"quoted\"",
                                          "it's",      "back\\slash",
                                          "new\nline", "tab\t",
                                          "$HOME",     "$(id)",
                                          "`id`",      "%PATH%",
                                          "*",         "-x",
                                          "--",        "gr\xc3\xbc\xc3\x9f",
                                          "\xff\xfe",  std::string(100'000, 'l'),
                                          ""};
    std::vector<std::string> arguments = {"arguments"};
    arguments.insert(arguments.end(), odd.begin(), odd.end());
    QCOMPARE(ChildProgram::report(ChildProgram::request(arguments)), joined(odd));
}

void TestProcess::environmentIsExactlyTheGivenOne()
{
    auto request = ChildProgram::request({"environment"});
    request.environment = {"FRESHEN_TEST_CHILD=1", "EMPTY=", "ODD=a b\n=$c\"", "twice=1",
                           "twice=2"};
    QCOMPARE(ChildProgram::report(request), joined(request.environment));
    ::setenv("FRESHEN_TEST_MARK", "here", 1);
    const auto own = Platform::currentEnvironment();
    QVERIFY(std::find(own.begin(), own.end(), "FRESHEN_TEST_MARK=here") != own.end());
    ::unsetenv("FRESHEN_TEST_MARK");
}

void TestProcess::workingDirectory()
{
    auto request = ChildProgram::request({"directory"});
    QCOMPARE(ChildProgram::report(request), std::string("/"));
    const fs::path folder = m_directory.filePath(QStringLiteral("some folder")).toStdString();
    fs::create_directory(folder);
    request.workingDirectory = folder;
    QCOMPARE(ChildProgram::report(request), fs::canonical(folder).string());
    fs::remove(folder);
    QCOMPARE(ChildProgram::report(request), std::string("/"));
}

// Whatever numbers they have here, in whatever order.
void TestProcess::descriptorsBecomeThreeAndOn()
{
    std::vector<Pipe> pipes;
    for (int i = 0; i < 6; ++i)
        pipes.push_back(Pipe::create());
    for (const bool isReversed : {false, true}) {
        std::vector<int> numbers;
        for (const Pipe &pipe : pipes)
            numbers.push_back(pipe.writeEnd.value());
        if (isReversed)
            std::reverse(numbers.begin(), numbers.end());
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            auto request = ChildProgram::request({"say", std::to_string(3 + i), "hello"});
            request.descriptors = numbers;
            auto child = Process::start(request);
            VERIFY_RESULT(child);
            QCOMPARE(waitForEnd(*child), std::optional<int>(0));
            const Pipe &expected = pipes[isReversed ? pipes.size() - 1 - i : i];
            QVERIFY(Platform::waitForAny({expected.readEnd.value()}, Clock::now()).has_value());
            char text[16] = {};
            QCOMPARE(::read(expected.readEnd.value(), text, sizeof(text)), ssize_t(5));
        }
    }
    // The same one twice.
    auto request = ChildProgram::request({"say", "4", "hello"});
    request.descriptors = {pipes[0].writeEnd.value(), pipes[0].writeEnd.value()};
    auto child = Process::start(request);
    VERIFY_RESULT(child);
    QCOMPARE(waitForEnd(*child), std::optional<int>(0));
    QVERIFY(Platform::waitForAny({pipes[0].readEnd.value()}, Clock::now()).has_value());
}

void TestProcess::otherDescriptorsAreClosed()
{
    // Two that exec() would keep.
    const int low = ::open("/dev/null", O_RDONLY);
    const int high = ::fcntl(low, F_DUPFD, 900);
    QVERIFY(low >= 0 && high >= 900);
    QCOMPARE(ChildProgram::report(ChildProgram::request({"descriptors"})), std::string("0 1 2 3 "));
    auto request = ChildProgram::request({"descriptors"});
    request.descriptors = {high};
    QCOMPARE(ChildProgram::report(request), std::string("0 1 2 3 4 "));
    ::close(low);
    ::close(high);
}

void TestProcess::signalsAreReset()
{
    sigset_t blocked;
    sigset_t before;
    ::sigfillset(&blocked);
    ::sigprocmask(SIG_BLOCK, &blocked, &before);
    const auto ignored = ::signal(SIGPIPE, SIG_IGN);
    const std::string state = ChildProgram::report(ChildProgram::request({"signals"}));
    ::signal(SIGPIPE, ignored);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    QCOMPARE(state, std::string("0000000000000000 0000000000000000 "));
}

void TestProcess::ownSession()
{
    auto request = ChildProgram::request({"session"});
    QCOMPARE(ChildProgram::report(request), std::string("inherited"));
    request.ownSession = true;
    QCOMPARE(ChildProgram::report(request), std::string("own"));
}

void TestProcess::outputCanBeDiscarded()
{
    auto request = ChildProgram::request({"output"});
    QCOMPARE(ChildProgram::report(request), fs::read_symlink("/proc/self/fd/1").string());
    request.discardOutput = true;
    QCOMPARE(ChildProgram::report(request), std::string("/dev/null"));
}

void TestProcess::missingProgramIsAnError_data()
{
    QTest::addColumn<QByteArray>("program");
    QTest::newRow("missing") << QByteArray("/nonexistent/program");
    QTest::newRow("folder") << QByteArray("/tmp");
    QTest::newRow("not executable") << QByteArray("/etc/passwd");
}

void TestProcess::missingProgramIsAnError()
{
    QFETCH(QByteArray, program);
    Platform::StartRequest request;
    request.program = program.toStdString();
    const auto process = Process::start(request);
    QVERIFY(!process.has_value());
    QVERIFY(QByteArray::fromStdString(process.error().message).contains(program));
    // No child is left.
    QCOMPARE(::waitpid(-1, nullptr, WNOHANG), -1);
    QCOMPARE(errno, ECHILD);
}

void TestProcess::exitCodes_data()
{
    QTest::addColumn<int>("code");
    for (const int code : {0, 1, 6, 127, 255})
        QTest::addRow("%d", code) << code;
}

void TestProcess::exitCodes()
{
    QFETCH(int, code);
    auto child = Process::start(ChildProgram::request({"exit", std::to_string(code)}));
    VERIFY_RESULT(child);
    QVERIFY(child->id() > 0);
    QCOMPARE(waitForEnd(*child), std::optional<int>(code));
    QCOMPARE(child->exitCode(), std::optional<int>(code)); // asked again
    QVERIFY(Platform::hasEnded(child->handle()));
}

void TestProcess::endedBySignals()
{
    for (const bool isGentle : {true, false}) {
        const Pipe pipe = Pipe::create();
        auto request = ChildProgram::request({"wait"});
        request.descriptors = {pipe.readEnd.value()};
        auto child = Process::start(request);
        VERIFY_RESULT(child);
        QVERIFY(!Platform::hasEnded(child->handle()));
        QVERIFY(!child->exitCode().has_value());
        isGentle ? child->terminate() : child->kill();
        QCOMPARE(waitForEnd(*child), std::optional<int>(128 + (isGentle ? SIGTERM : SIGKILL)));
        // Nobody is meant any more.
        child->terminate();
        child->kill();
    }
}

// A child that gets it can wait for the end of its parent; here the test looks at a child's.
void TestProcess::handleOfSelf()
{
    const auto handle = Process::handleOfSelf();
    VERIFY_RESULT(handle);
    QVERIFY(!Platform::hasEnded(*handle));
}

void TestProcess::waitsForTheFirst()
{
    Pipe quiet = Pipe::create();
    Pipe talking = Pipe::create();
    QCOMPARE(::write(talking.writeEnd.value(), "x", 1), ssize_t(1));
    const std::vector<int> descriptors = {quiet.readEnd.value(), talking.readEnd.value()};
    QCOMPARE(Platform::waitForAny(descriptors, {}), std::optional<std::size_t>(1));
    quiet.writeEnd.reset(); // an end is news, too
    QCOMPARE(Platform::waitForAny(descriptors, {}), std::optional<std::size_t>(0));
    auto child = Process::start(ChildProgram::request({"exit", "0"}));
    VERIFY_RESULT(child);
    const Pipe other = Pipe::create();
    QCOMPARE(Platform::waitForAny({other.readEnd.value(), child->handle().value()}, {}),
             std::optional<std::size_t>(1));
}

void TestProcess::waitsUntilTheDeadline()
{
    const Pipe quiet = Pipe::create();
    const auto begin = Clock::now();
    const auto deadline = begin + std::chrono::milliseconds(80);
    QVERIFY(!Platform::waitForAny({quiet.readEnd.value()}, deadline));
    QVERIFY(Clock::now() >= deadline);
    QVERIFY(!Platform::waitForAny({quiet.readEnd.value()}, begin)); // has passed
    QVERIFY(!Platform::waitForAny({}, Clock::now()));
}

void TestProcess::descendants()
{
    const int self = ::getpid();
    QVERIFY(Platform::isSelfOrDescendant(self, self));
    QVERIFY(Platform::isSelfOrDescendant(self, ::getppid()));
    QVERIFY(!Platform::isSelfOrDescendant(::getppid(), self));
    QVERIFY(!Platform::isSelfOrDescendant(1, self));
    QVERIFY(!Platform::isSelfOrDescendant(0, self));
    const Pipe pipe = Pipe::create();
    auto request = ChildProgram::request({"wait"});
    request.descriptors = {pipe.readEnd.value()};
    auto one = Process::start(request);
    auto two = Process::start(request);
    VERIFY_RESULT(one);
    VERIFY_RESULT(two);
    QVERIFY(Platform::isSelfOrDescendant(one->id(), self));
    QVERIFY(!Platform::isSelfOrDescendant(one->id(), two->id()));
    for (Process *child : {&*one, &*two}) {
        child->kill();
        QVERIFY(waitForEnd(*child).has_value());
    }
}

void TestProcess::findsProcessesOfATree()
{
    const fs::path shell = shellIn(m_directory, "found");
    const fs::path sibling = shellIn(m_directory, "found-not");
    const fs::path alias = shell.parent_path().parent_path() / "alias";
    fs::create_directory_symlink("found", alias);
    QVERIFY(Platform::processesRunningFrom(shell.parent_path()).empty());
    Pipe pipe = Pipe::create();
    auto inside = startShell(shell, waitingScript, pipe);
    auto outside = startShell(sibling, waitingScript, pipe);
    VERIFY_RESULT(inside);
    VERIFY_RESULT(outside);
    for (const fs::path &tree : {shell.parent_path(), alias}) {
        const auto running = Platform::processesRunningFrom(tree);
        QCOMPARE(running.size(), std::size_t(1));
        QCOMPARE(running.front().id, inside->id());
        QCOMPARE(running.front().name, std::string("sh"));
        QVERIFY(!Platform::hasEnded(running.front().handle));
    }
    // Its file may be gone meanwhile.
    fs::remove(shell);
    QCOMPARE(Platform::processesRunningFrom(shell.parent_path()).size(), std::size_t(1));
    pipe.writeEnd.reset();
    QVERIFY(waitForEnd(*inside).has_value());
    QVERIFY(waitForEnd(*outside).has_value());
    QVERIFY(Platform::processesRunningFrom(shell.parent_path()).empty());
}

void TestProcess::endsProcessesOfATree()
{
    const fs::path shell = shellIn(m_directory, "ended");
    const fs::path sibling = shellIn(m_directory, "ended-not");
    Pipe pipe = Pipe::create();
    Pipe talk = Pipe::create();
    auto gentle = startShell(shell, waitingScript, pipe);
    auto bystander = startShell(sibling, waitingScript, pipe);
    Platform::StartRequest request;
    request.program = shell;
    request.arguments = {"-c", "trap '' TERM; echo ready >&4; read line <&3"};
    request.descriptors = {pipe.readEnd.value(), talk.writeEnd.value()};
    auto stubborn = Process::start(request);
    VERIFY_RESULT(gentle);
    VERIFY_RESULT(bystander);
    VERIFY_RESULT(stubborn);
    QVERIFY(Platform::waitForAny({talk.readEnd.value()}, Clock::now() + std::chrono::seconds(30)));
    Platform::endProcesses(shell.parent_path(), Clock::now() + std::chrono::seconds(2));
    QCOMPARE(waitForEnd(*gentle), std::optional<int>(128 + SIGTERM));
    QCOMPARE(waitForEnd(*stubborn), std::optional<int>(128 + SIGKILL));
    QVERIFY(!bystander->exitCode().has_value());
    pipe.writeEnd.reset();
    QVERIFY(waitForEnd(*bystander).has_value());
    // Nothing to do: at once, however late the deadline.
    Platform::endProcesses(shell.parent_path(), Clock::now() + std::chrono::hours(1));
}

int main(int argc, char **argv)
{
    if (const auto code = ChildProgram::run(argc, argv))
        return *code;
    TestProcess test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_process.moc"
