// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/channel.h"

#include <cerrno>
#include <cstring>

#include <sys/socket.h>

namespace Freshen::Platform {

Result<std::pair<Channel, Descriptor>> Channel::create()
{
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return failure(ErrorCode::HELPER,
                       std::string("Cannot make a connection for the helper: ")
                           + std::strerror(errno) + ".");
    return std::make_pair(Channel(Descriptor(ends[0])), Descriptor(ends[1]));
}

Result<void> Channel::send(const std::string &message)
{
    if (::send(m_fd.value(), message.data(), message.size(), MSG_NOSIGNAL) >= 0)
        return {};
    return failure(ErrorCode::HELPER,
                   std::string("The other process is gone: ") + std::strerror(errno) + ".");
}

Result<std::optional<std::string>> Channel::receive(std::optional<Deadline> deadline)
{
    if (!waitForAny({m_fd.value()}, deadline))
        return failure(ErrorCode::HELPER, "The other process did not answer in time.");
    std::string message(maximumMessage, '\0');
    // With MSG_TRUNC the size is the sender's, even when not all of it fitted.
    const ssize_t size = ::recv(m_fd.value(), message.data(), message.size(), MSG_TRUNC);
    // A connection that was reset has ended, too.
    if (size <= 0)
        return std::optional<std::string>();
    if (std::size_t(size) > maximumMessage)
        return failure(ErrorCode::HELPER, "The other process sent a message that is too long.");
    message.resize(std::size_t(size));
    return std::optional<std::string>(std::move(message));
}

} // namespace Freshen::Platform
