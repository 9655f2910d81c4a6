// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/channel.h"

#include "tests/support/resultcheck.h"

#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Platform::Channel;
using Platform::ChannelServer;
using Platform::Clock;
using Platform::Descriptor;

class TestChannel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void messagesKeepTheirBounds();
    void endIsSeen();
    void deadline();
    void tooLongMessage();
    void descriptorsArrive();
    void queueThatIsFull();
    void unrelatedProcesses();
    void foldersOfOthers();
    void acc096_foreignPeer();

private:
    using Text = std::optional<std::string>;
};

void TestChannel::messagesKeepTheirBounds()
{
    auto ends = Channel::create();
    VERIFY_RESULT(ends);
    Channel &one = ends->first;
    Channel two(std::move(ends->second));
    const std::string largest(Channel::maximumMessage, 'x');
    for (const std::string &message : {std::string("armed"), std::string("a\0b\n", 4), largest}) {
        VERIFY_RESULT(one.send(message));
        VERIFY_RESULT(one.send("next"));
        QCOMPARE(two.receive().value(), Text(message));
        QCOMPARE(two.receive().value(), Text("next"));
    }
    VERIFY_RESULT(two.send("back"));
    QCOMPARE(one.receive().value(), Text("back"));
}

void TestChannel::endIsSeen()
{
    auto ends = Channel::create();
    VERIFY_RESULT(ends);
    Channel &one = ends->first;
    Channel two(std::move(ends->second));
    VERIFY_RESULT(one.send("last words"));
    one.close();
    QCOMPARE(two.receive().value(), Text("last words"));
    QCOMPARE(two.receive().value(), Text());
    QCOMPARE(two.receive().value(), Text());
    VERIFY_ERROR(two.send("anybody there?"), ErrorCode::HELPER);
}

void TestChannel::deadline()
{
    auto ends = Channel::create();
    VERIFY_RESULT(ends);
    VERIFY_ERROR(ends->first.receive(Clock::now()), ErrorCode::HELPER);
    const auto later = Clock::now() + std::chrono::milliseconds(50);
    VERIFY_ERROR(ends->first.receive(later), ErrorCode::HELPER);
    QVERIFY(Clock::now() >= later);
}

// It is not cut silently.
void TestChannel::tooLongMessage()
{
    auto ends = Channel::create();
    VERIFY_RESULT(ends);
    Channel two(std::move(ends->second));
    const std::string text(Channel::maximumMessage + 1, 'x');
    if (ends->first.send(text)) {
        const auto received = two.receive();
        QVERIFY(!received || received->value_or(std::string()).size() == text.size());
    }
}

void TestChannel::descriptorsArrive()
{
    auto ends = Channel::create();
    VERIFY_RESULT(ends);
    Channel two(std::move(ends->second));
    struct stat sent = {};
    QCOMPARE(::stat("/dev/null", &sent), 0);
    const Descriptor file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const std::vector<int> most(Channel::maximumDescriptors, file.value());
    QCOMPARE(ends->first.trySend("many", most).value(), true);
    QCOMPARE(ends->first.trySend("none", {}).value(), true);
    const auto parcel = two.receiveParcel();
    VERIFY_RESULT(parcel);
    QCOMPARE((*parcel)->message, std::string("many"));
    QCOMPARE((*parcel)->descriptors.size(), most.size());
    struct stat arrived = {};
    QCOMPARE(::fstat((*parcel)->descriptors.back().value(), &arrived), 0);
    QCOMPARE(arrived.st_rdev, sent.st_rdev);
    QVERIFY(::fcntl((*parcel)->descriptors.back().value(), F_GETFD) & FD_CLOEXEC);
    QVERIFY(two.receiveParcel().value()->descriptors.empty());
    const std::vector<int> more(Channel::maximumDescriptors + 1, file.value());
    VERIFY_ERROR(ends->first.trySend("too many", more), ErrorCode::PROTOCOL);
    ends->first.close();
    QVERIFY(!two.receiveParcel().value());
    VERIFY_ERROR(two.trySend("gone", {}), ErrorCode::HELPER);
}

void TestChannel::queueThatIsFull()
{
    auto ends = Channel::create();
    VERIFY_RESULT(ends);
    Channel two(std::move(ends->second));
    const std::string large(10'000, 'x');
    int sent = 0;
    while (ends->first.trySend(large, {}).value())
        ++sent;
    QVERIFY(sent > 0);
    for (int received = 0; received < sent; ++received)
        QCOMPARE(two.receive().value(), Text(large));
    QCOMPARE(ends->first.trySend(large, {}).value(), true);
}

void TestChannel::unrelatedProcesses()
{
    QTemporaryDir directory;
    const std::filesystem::path path = directory.filePath(u"new/handover"_s).toStdString();
    VERIFY_ERROR(Channel::connect(path), ErrorCode::NETWORK);
    {
        auto server = ChannelServer::listen(path);
        VERIFY_RESULT(server);
        struct stat folder = {};
        QCOMPARE(::stat(path.parent_path().c_str(), &folder), 0);
        QCOMPARE(folder.st_mode & 0777, 0700u);
        auto client = Channel::connect(path);
        VERIFY_RESULT(client);
        auto accepted = server->accept();
        VERIFY_RESULT(accepted);
        QCOMPARE(accepted->peerOf().value().process, ::getpid());
        QCOMPARE(accepted->peerOf().value().user, int(::getuid()));
        VERIFY_RESULT(client->send("hello"));
        QCOMPARE(accepted->receive().value(), Text("hello"));
        VERIFY_ERROR(server->accept(), ErrorCode::HELPER);
        VERIFY_ERROR(ChannelServer::listen(path), ErrorCode::IO);
    }
    QVERIFY(!std::filesystem::exists(path));
}

void TestChannel::foldersOfOthers()
{
    QTemporaryDir directory;
    const QByteArray folder = directory.path().toUtf8();
    QCOMPARE(::chmod(folder.constData(), 0755), 0);
    VERIFY_ERROR(ChannelServer::listen(folder.toStdString() + "/handover"),
                 ErrorCode::NEEDS_RIGHTS);
}

// Needs an administrator, who alone can become somebody else.
void TestChannel::acc096_foreignPeer()
{
    if (::geteuid() != 0)
        QSKIP("only an administrator can become another user");
    QTemporaryDir directory;
    const QByteArray folder = directory.path().toUtf8();
    const std::string path = folder.toStdString() + "/handover";
    auto server = ChannelServer::listen(path);
    VERIFY_RESULT(server);
    QCOMPARE(::chmod(folder.constData(), 0755), 0);
    QCOMPARE(::chmod(path.c_str(), 0777), 0);
    const pid_t stranger = ::fork();
    if (stranger == 0) {
        // Tells by its exit code whether it came through.
        ::_exit(::setuid(65534) == 0 && !Channel::connect(path) ? 0 : 1);
    }
    QVERIFY(Platform::waitForAny({server->value()}, Clock::now() + std::chrono::seconds(30)));
    VERIFY_ERROR(server->accept(), ErrorCode::PROTOCOL);
    int status = 0;
    QCOMPARE(::waitpid(stranger, &status, 0), stranger);
    // The stranger takes an administrator for trustworthy.
    QCOMPARE(WEXITSTATUS(status), 1);
}

QTEST_GUILESS_MAIN(TestChannel)
#include "tst_channel.moc"
