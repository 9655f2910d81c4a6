// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/handover/steps.h"

#include "lib/handover/message.h"

#include <QFile>
#include <QMap>

#include <csignal>

#include <sys/socket.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;

// The linker puts these between the program and the system (--wrap).
extern "C" {
ssize_t __real_send(int fd, const void *data, std::size_t size, int flags);
ssize_t __wrap_send(int fd, const void *data, std::size_t size, int flags);
ssize_t __real_sendmsg(int fd, const msghdr *message, int flags);
ssize_t __wrap_sendmsg(int fd, const msghdr *message, int flags);
ssize_t __real_recvmsg(int fd, msghdr *message, int flags);
ssize_t __wrap_recvmsg(int fd, msghdr *message, int flags);
pid_t __real_fork();
pid_t __wrap_fork();
}

namespace {

QByteArray &wanted()
{
    static QByteArray name = [] {
        const QByteArray value = qgetenv("FRESHEN_TEST_STOP");
        qunsetenv("FRESHEN_TEST_STOP"); // not for the version after
        return value;
    }();
    return name;
}

// "hello"; empty for what is no message of a handover.
QByteArray kindOf(const void *data, ssize_t size)
{
    if (size <= 0)
        return {};
    const auto *const text = static_cast<const char *>(data);
    const auto message = HandoverMessage::decode(std::string(text, std::size_t(size)));
    return message ? message->fields.value(u"m"_s).toString().toUtf8() : QByteArray();
}

void messageStep(const QByteArray &verb, const QByteArray &kind, int count)
{
    if (!kind.isEmpty())
        step(verb + ' ' + kind + (count > 1 ? ' ' + QByteArray::number(count) : QByteArray()));
}

// One try may fail and be repeated; only what was sent counts.
template<typename Call>
ssize_t sending(const void *data, std::size_t size, const Call &call)
{
    static QMap<QByteArray, int> counts;
    const QByteArray kind = kindOf(data, ssize_t(size));
    const int count = counts.value(kind) + 1;
    messageStep("send", kind, count);
    const ssize_t sent = call();
    if (sent >= 0) {
        counts[kind] = count;
        messageStep("sent", kind, count);
    }
    return sent;
}

} // namespace

void stopAt(const QByteArray &name)
{
    wanted() = name;
}

void step(const QByteArray &name)
{
    const bool isWanted = name == wanted();
    QFile log(qEnvironmentVariable("FRESHEN_TEST_STEPS"));
    if (!log.fileName().isEmpty() && log.open(QIODevice::Append))
        log.write(QByteArray::number(::getpid()) + ' ' + name + '\n');
    log.close();
    if (isWanted)
        ::raise(SIGSTOP);
}

ssize_t __wrap_send(int fd, const void *data, std::size_t size, int flags)
{
    return sending(data, size, [&] { return __real_send(fd, data, size, flags); });
}

ssize_t __wrap_sendmsg(int fd, const msghdr *message, int flags)
{
    return sending(message->msg_iov->iov_base, message->msg_iov->iov_len,
                   [&] { return __real_sendmsg(fd, message, flags); });
}

ssize_t __wrap_recvmsg(int fd, msghdr *message, int flags)
{
    static QMap<QByteArray, int> counts;
    const ssize_t size = __real_recvmsg(fd, message, flags);
    const QByteArray kind = kindOf(message->msg_iov->iov_base, size);
    messageStep("received", kind, ++counts[kind]);
    return size;
}

pid_t __wrap_fork()
{
    step("fork");
    const pid_t id = __real_fork();
    if (id > 0)
        step("forked");
    return id;
}
