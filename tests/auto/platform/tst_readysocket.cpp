// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/ready.h"

#include "tests/auto/platform/childprogram.h"
#include "tests/support/resultcheck.h"

#include <QTest>

#include <cstddef>
#include <cstdlib>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace Freshen;
using ChildProgram::Pipe;
using Platform::Clock;
using Platform::Process;
using Platform::ReadyListener;

class TestReadySocket : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptedFromTheProcess();
    void acceptedFromADescendant();
    void refusedFromAStranger();
    void refusedWithAnotherText_data();
    void refusedWithAnotherText();
    void nothingSaidYet();
    void nobodyWaits();
    void saidOnceOnly();
    void namesDiffer();
    void serviceManagerIsTold();

private:
    // A child that stays until `pipe` ends, with the listener's environment.
    Result<Process> start(const ReadyListener &listener, const Pipe &pipe,
                          std::vector<std::string> arguments);
};

namespace {

bool isSomethingSaid(const ReadyListener &listener)
{
    return Platform::waitForAny({listener.value()}, Clock::now() + std::chrono::seconds(30))
        .has_value();
}

// As sd_notify(3) would, from this process.
bool send(const ReadyListener &listener, std::string_view text)
{
    const std::string variable = listener.environment().front();
    const std::string name = variable.substr(variable.find('=') + 1);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    address.sun_path[0] = '\0';
    const auto length = socklen_t(offsetof(sockaddr_un, sun_path) + name.size());
    const Platform::Descriptor fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    return ::sendto(fd.value(), text.data(), text.size(), 0, reinterpret_cast<sockaddr *>(&address),
                    length)
        == ssize_t(text.size());
}

void adopt(const ReadyListener &listener)
{
    for (const std::string &entry : listener.environment()) {
        const std::size_t equals = entry.find('=');
        ::setenv(entry.substr(0, equals).c_str(), entry.substr(equals + 1).c_str(), 1);
    }
}

void finish(Process &child, Pipe &pipe)
{
    pipe.writeEnd.reset();
    QCOMPARE(ChildProgram::waitForEnd(child), std::optional<int>(0));
}

} // namespace

Result<Process> TestReadySocket::start(const ReadyListener &listener, const Pipe &pipe,
                                       std::vector<std::string> arguments)
{
    auto request = ChildProgram::request(std::move(arguments));
    for (const std::string &entry : listener.environment())
        request.environment.push_back(entry);
    request.descriptors = {pipe.readEnd.value()};
    return Process::start(request);
}

void TestReadySocket::acceptedFromTheProcess()
{
    auto listener = ReadyListener::create();
    VERIFY_RESULT(listener);
    Pipe pipe = Pipe::create();
    auto child = start(*listener, pipe, {"ready"});
    VERIFY_RESULT(child);
    QVERIFY(isSomethingSaid(*listener));
    QVERIFY(listener->isReadyFrom(child->id()));
    QVERIFY(!listener->isReadyFrom(child->id())); // one datagram, one answer
    finish(*child, pipe);
}

void TestReadySocket::acceptedFromADescendant()
{
    auto listener = ReadyListener::create();
    VERIFY_RESULT(listener);
    Pipe pipe = Pipe::create();
    auto child = start(*listener, pipe, {"start", "start", "ready"});
    VERIFY_RESULT(child);
    QVERIFY(isSomethingSaid(*listener));
    QVERIFY(listener->isReadyFrom(child->id()));
    finish(*child, pipe);
}

void TestReadySocket::refusedFromAStranger()
{
    auto listener = ReadyListener::create();
    VERIFY_RESULT(listener);
    Pipe pipe = Pipe::create();
    auto child = start(*listener, pipe, {"wait"});
    auto stranger = start(*listener, pipe, {"ready"});
    VERIFY_RESULT(child);
    VERIFY_RESULT(stranger);
    QVERIFY(isSomethingSaid(*listener));
    QVERIFY(!listener->isReadyFrom(child->id()));
    // The parent of the process is no descendant either.
    QVERIFY(send(*listener, "READY=1"));
    QVERIFY(!listener->isReadyFrom(child->id()));
    finish(*child, pipe);
    finish(*stranger, pipe);
}

void TestReadySocket::refusedWithAnotherText_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isReady");
    QTest::newRow("ready") << QByteArray("READY=1") << true;
    QTest::newRow("line") << QByteArray("READY=1\n") << true;
    QTest::newRow("with others") << QByteArray("STATUS=up\nREADY=1\nMAINPID=1\n") << true;
    QTest::newRow("not yet") << QByteArray("READY=0") << false;
    QTest::newRow("more digits") << QByteArray("READY=10") << false;
    QTest::newRow("other case") << QByteArray("ready=1") << false;
    QTest::newRow("inside a line") << QByteArray("STATUS=READY=1") << false;
    QTest::newRow("status") << QByteArray("STATUS=starting") << false;
    QTest::newRow("empty line") << QByteArray("\n") << false;
    QTest::newRow("long") << QByteArray(100'000, 'x') << false;
}

void TestReadySocket::refusedWithAnotherText()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isReady);
    auto listener = ReadyListener::create();
    VERIFY_RESULT(listener);
    QVERIFY(send(*listener, std::string_view(text.constData(), std::size_t(text.size()))));
    QCOMPARE(listener->isReadyFrom(::getpid()), isReady);
}

void TestReadySocket::nothingSaidYet()
{
    auto listener = ReadyListener::create();
    VERIFY_RESULT(listener);
    QVERIFY(!listener->isReadyFrom(::getpid()));
}

void TestReadySocket::nobodyWaits()
{
    ::unsetenv("FRESHEN_READY");
    ::unsetenv("NOTIFY_SOCKET");
    QVERIFY(!Platform::isReadyAwaited());
    Platform::sayReady();
    // A service manager's socket alone is not for us.
    ::setenv("NOTIFY_SOCKET", "/run/systemd/notify", 1);
    QVERIFY(!Platform::isReadyAwaited());
    Platform::sayReady();
    QVERIFY(std::getenv("NOTIFY_SOCKET"));
    // Somebody who has gone, and an impossible name: nothing happens.
    for (const std::string &name : {std::string("@freshen-test-nobody"), std::string("/none"),
                                    std::string(500, 'x'), std::string()}) {
        ::setenv("FRESHEN_READY", "1", 1);
        ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
        Platform::sayReady();
        QVERIFY(!Platform::isReadyAwaited());
    }
}

void TestReadySocket::saidOnceOnly()
{
    auto listener = ReadyListener::create();
    VERIFY_RESULT(listener);
    adopt(*listener);
    QVERIFY(Platform::isReadyAwaited());
    Platform::sayReady();
    // Children and real service managers are not confused.
    QVERIFY(!Platform::isReadyAwaited());
    QVERIFY(!std::getenv("FRESHEN_READY"));
    QVERIFY(!std::getenv("NOTIFY_SOCKET"));
    Platform::sayReady();
    QVERIFY(listener->isReadyFrom(::getpid()));
    QVERIFY(!listener->isReadyFrom(::getpid()));
}

void TestReadySocket::namesDiffer()
{
    const auto one = ReadyListener::create();
    const auto two = ReadyListener::create();
    VERIFY_RESULT(one);
    VERIFY_RESULT(two);
    QVERIFY(one->environment().front().starts_with("NOTIFY_SOCKET="));
    QCOMPARE(one->environment().back(), std::string("FRESHEN_READY=1"));
    QVERIFY(one->environment().front() != two->environment().front());
}

void TestReadySocket::serviceManagerIsTold()
{
    ::unsetenv("NOTIFY_SOCKET");
    QVERIFY(!Platform::notifyServiceManager("WATCHDOG=1"));
    auto listener = ReadyListener::create();
    VERIFY_RESULT(listener);
    adopt(*listener);
    // Without forgetting it.
    QVERIFY(Platform::notifyServiceManager("MAINPID=1\nREADY=1"));
    QVERIFY(Platform::notifyServiceManager("STOPPING=1"));
    QVERIFY(listener->isReadyFrom(::getpid()));
    QVERIFY(isSomethingSaid(*listener));
    QVERIFY(!listener->isReadyFrom(::getpid()));
    Platform::sayReady();
}

int main(int argc, char **argv)
{
    if (const auto code = ChildProgram::run(argc, argv))
        return *code;
    TestReadySocket test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_readysocket.moc"
