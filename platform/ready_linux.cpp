// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/ready.h"
#include "platform/unixaddress.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

namespace Freshen::Platform {

namespace {

constexpr const char *readyVariable = "FRESHEN_READY";
constexpr const char *socketVariable = "NOTIFY_SOCKET";

std::string unguessableName()
{
    std::uint64_t words[2] = {};
    if (::getrandom(words, sizeof(words), 0) != ssize_t(sizeof(words)))
        return {};
    return "@freshen-ready-" + std::to_string(words[0]) + std::to_string(words[1]);
}

ucred senderOf(const msghdr &message)
{
    for (cmsghdr *part = CMSG_FIRSTHDR(&message); part;
         part = CMSG_NXTHDR(const_cast<msghdr *>(&message), part)) {
        if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_CREDENTIALS) {
            ucred credentials = {};
            std::memcpy(&credentials, CMSG_DATA(part), sizeof(credentials));
            return credentials;
        }
    }
    return {};
}

// A notifier that has already ended leaves no trace of its ancestors. It knew a name that only the
// started program was told, and it is the same user.
bool hasGone(const ucred &sender)
{
    return ::kill(sender.pid, 0) != 0 && errno == ESRCH && sender.uid == ::geteuid();
}

bool saysReady(std::string_view datagram)
{
    constexpr std::string_view ready = "READY=1";
    while (!datagram.empty()) {
        const std::size_t end = datagram.find('\n');
        if (datagram.substr(0, end) == ready)
            return true;
        datagram = end == std::string_view::npos ? std::string_view() : datagram.substr(end + 1);
    }
    return false;
}

} // namespace

ReadyListener::ReadyListener(Descriptor fd, std::string name)
    : m_fd(std::move(fd))
    , m_name(std::move(name))
{
}

Result<ReadyListener> ReadyListener::create()
{
    const std::string name = unguessableName();
    const UnixAddress address = UnixAddress::fromName(name);
    Descriptor fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const int on = 1;
    if (address.length == 0 || !fd.isOpen()
        || ::setsockopt(fd.value(), SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) != 0
        || ::bind(fd.value(), address.data(), address.length) != 0) {
        return failure(ErrorCode::HELPER,
                       std::string("Cannot listen for the new version: ") + std::strerror(errno)
                           + ".");
    }
    return ReadyListener(std::move(fd), name);
}

std::vector<std::string> ReadyListener::environment() const
{
    return {std::string(socketVariable) + "=" + m_name, std::string(readyVariable) + "=1"};
}

bool ReadyListener::isReadyFrom(int process)
{
    char text[4096];
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred))];
    iovec block = {text, sizeof(text)};
    msghdr message = {};
    message.msg_iov = &block;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof(control);
    const ssize_t size = ::recvmsg(m_fd.value(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (size <= 0 || !saysReady(std::string_view(text, std::size_t(size))))
        return false;
    const ucred sender = senderOf(message);
    return sender.pid > 0 && (isSelfOrDescendant(sender.pid, process) || hasGone(sender));
}

bool notifyServiceManager(std::string_view text)
{
    const char *const name = std::getenv(socketVariable);
    const UnixAddress address = UnixAddress::fromName(name ? name : "");
    const Descriptor fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    return address.length > 0 && fd.isOpen()
        && ::sendto(fd.value(), text.data(), text.size(), MSG_NOSIGNAL, address.data(),
                    address.length)
        == ssize_t(text.size());
}

bool isReadyAwaited()
{
    return std::getenv(readyVariable) && std::getenv(socketVariable);
}

void sayReady()
{
    if (!isReadyAwaited())
        return;
    notifyServiceManager("READY=1\n");
    ::unsetenv(readyVariable);
    ::unsetenv(socketVariable);
}

} // namespace Freshen::Platform
