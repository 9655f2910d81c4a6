// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/channel.h"
#include "platform/socket.h"
#include "platform/unixaddress.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Freshen::Platform {

namespace {

struct Control {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * Channel::maximumDescriptors)> bytes;
};

tl::unexpected<Error> isGone(int number)
{
    return failure(ErrorCode::HELPER,
                   std::string("The other process is gone: ") + std::strerror(number) + ".");
}

// Puts the descriptors into the message.
void attach(msghdr &message, Control &control, const std::vector<int> &descriptors)
{
    if (descriptors.empty())
        return;
    const std::size_t size = sizeof(int) * descriptors.size();
    message.msg_control = control.bytes.data();
    message.msg_controllen = CMSG_SPACE(size);
    cmsghdr *const part = CMSG_FIRSTHDR(&message);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(part), descriptors.data(), size);
}

std::vector<Descriptor> detach(msghdr &message)
{
    std::vector<Descriptor> descriptors;
    for (cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
            continue;
        const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof(int));
            descriptors.emplace_back(fd);
        }
    }
    return descriptors;
}

Result<Channel> trusted(Channel channel)
{
    const auto peer = channel.peerOf();
    if (!peer)
        return failure(peer);
    if (peer->user != int(::geteuid()) && peer->user != 0)
        return failure(ErrorCode::PROTOCOL,
                       "Process " + std::to_string(peer->process) + " of user "
                           + std::to_string(peer->user)
                           + " wants to take part in a handover; it is a stranger and refused.");
    return channel;
}

} // namespace

Result<std::pair<Channel, Descriptor>> Channel::create()
{
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return failure(ErrorCode::HELPER,
                       std::string("Cannot make a connection to another process: ")
                           + std::strerror(errno) + ".");
    return std::make_pair(Channel(Descriptor(ends[0])), Descriptor(ends[1]));
}

Result<Channel> Channel::connect(const fs::path &path)
{
    const UnixAddress address = UnixAddress::fromName(path.native());
    Channel channel(Descriptor(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)));
    if (address.length == 0 || ::connect(channel.value(), address.data(), address.length) != 0) {
        return failure(ErrorCode::NETWORK, "Nobody answers at " + path.string() + ".");
    }
    return trusted(std::move(channel));
}

Result<void> Channel::send(const std::string &message)
{
    if (::send(m_fd.value(), message.data(), message.size(), MSG_NOSIGNAL) >= 0)
        return {};
    return isGone(errno);
}

Result<bool> Channel::trySend(const std::string &message, const std::vector<int> &descriptors)
{
    if (message.size() > maximumMessage || descriptors.size() > maximumDescriptors)
        return failure(ErrorCode::PROTOCOL, "A message to another process is too large.");
    iovec block = {const_cast<char *>(message.data()), message.size()};
    msghdr header = {};
    header.msg_iov = &block;
    header.msg_iovlen = 1;
    Control control;
    attach(header, control, descriptors);
    if (::sendmsg(m_fd.value(), &header, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
        return true;
    // Too many descriptors are on their way (unix(7)) is as temporary as too many bytes.
    if (errno == EAGAIN || errno == EINTR || errno == ETOOMANYREFS)
        return false;
    return isGone(errno);
}

Result<std::optional<std::string>> Channel::receive(std::optional<Deadline> deadline)
{
    auto parcel = receiveParcel(deadline);
    if (!parcel)
        return failure(parcel);
    if (!*parcel)
        return std::optional<std::string>();
    return std::optional<std::string>(std::move((*parcel)->message));
}

Result<std::optional<Channel::Parcel>> Channel::receiveParcel(std::optional<Deadline> deadline)
{
    if (!waitForAny({m_fd.value()}, deadline))
        return failure(ErrorCode::HELPER, "The other process did not answer in time.");
    Parcel parcel;
    parcel.message.resize(maximumMessage);
    iovec block = {parcel.message.data(), parcel.message.size()};
    msghdr header = {};
    header.msg_iov = &block;
    header.msg_iovlen = 1;
    Control control;
    header.msg_control = control.bytes.data();
    header.msg_controllen = control.bytes.size();
    // With MSG_TRUNC the size is the sender's, even when not all of it fitted.
    constexpr int flags = MSG_TRUNC | MSG_CMSG_CLOEXEC;
    ssize_t size = ::recvmsg(m_fd.value(), &header, flags);
    // Whoever ends without having read all resets the connection; what it said before is behind it.
    if (size < 0 && errno == ECONNRESET)
        size = ::recvmsg(m_fd.value(), &header, flags);
    if (size <= 0)
        return std::optional<Parcel>();
    parcel.descriptors = detach(header);
    if (std::size_t(size) > maximumMessage)
        return failure(ErrorCode::HELPER, "The other process sent a message that is too long.");
    if (header.msg_flags & MSG_CTRUNC)
        return failure(ErrorCode::PROTOCOL,
                       "Not all descriptors that another process sent could "
                       "be taken; raise the limit of open files.");
    parcel.message.resize(std::size_t(size));
    return std::optional<Parcel>(std::move(parcel));
}

Result<Channel::Peer> Channel::peerOf() const
{
    ucred credentials = {};
    socklen_t size = sizeof(credentials);
    if (::getsockopt(m_fd.value(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return failure(ErrorCode::PROTOCOL,
                       std::string("Cannot tell who the other process is: ") + std::strerror(errno)
                           + ".");
    return Peer{credentials.pid, int(credentials.uid)};
}

Result<void> ensurePrivateFolder(const fs::path &folder)
{
    std::error_code error;
    if (!fs::exists(folder, error)) {
        if (const auto made = makeDirectories(folder, 0700); !made)
            return made;
    }
    struct stat status = {};
    if (::lstat(folder.c_str(), &status) != 0)
        return tl::unexpected<Error>(systemError("read", folder, errno));
    if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & 077) != 0)
        return failure(ErrorCode::NEEDS_RIGHTS,
                       folder.string() + " must be a folder that only this user may enter.");
    return {};
}

Result<ChannelServer> ChannelServer::listen(const fs::path &path)
{
    if (const auto ensured = ensurePrivateFolder(path.parent_path()); !ensured)
        return failure(ensured);
    SocketAddress address;
    address.kind = SocketAddress::Kind::UnixSeqpacket;
    address.path = path.native();
    auto fd = openListening(address);
    if (!fd)
        return failure(fd);
    return ChannelServer(std::move(*fd), path, identityOf(path));
}

ChannelServer::ChannelServer(Descriptor fd, fs::path path, std::string identity)
    : m_fd(std::move(fd))
    , m_path(std::move(path))
    , m_identity(std::move(identity))
{
}

ChannelServer::~ChannelServer()
{
    if (m_fd.isOpen())
        removeSocketFile({m_path, m_identity});
}

Result<Channel> Channel::accept(int listening)
{
    Descriptor fd(::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC));
    if (!fd.isOpen())
        return failure(ErrorCode::HELPER,
                       std::string("No other process came: ") + std::strerror(errno) + ".");
    return trusted(Channel(std::move(fd)));
}

} // namespace Freshen::Platform
