// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Connections between two processes of this computer that carry short texts and open descriptors:
// nameless ones with one inherited end each, and named ones between processes that do not know
// each other.

#pragma once

#include "platform/process.h"

namespace Freshen::Platform {

class Channel
{
public:
    static constexpr std::size_t maximumMessage = 64 * 1024;
    static constexpr std::size_t maximumDescriptors = 200; // in one message

    struct Parcel {
        std::string message;
        std::vector<Descriptor> descriptors;
    };
    struct Peer {
        int process = 0;
        int user = -1;
    };

    // Two connected ends; the second one is given to a child.
    static Result<std::pair<Channel, Descriptor>> create();
    // To the one that listens there, which must be of this user or of the administrator:
    // otherwise PROTOCOL. NETWORK when nobody listens.
    static Result<Channel> connect(const fs::path &path);
    // The next one that came to a listening socket, refused as PROTOCOL when it is neither of this
    // user nor of the administrator. HELPER when there is none.
    static Result<Channel> accept(int listening);
    explicit Channel(Descriptor fd)
        : m_fd(std::move(fd))
    {
    }

    int value() const { return m_fd.value(); }
    Result<void> send(const std::string &message);
    // False when the other end has too much to read already; nothing was sent then. What cannot
    // be sent at all is refused. The descriptors stay the caller's.
    Result<bool> trySend(const std::string &message, const std::vector<int> &descriptors);
    // The next message; empty when the other end is closed. HELPER when the time is over.
    Result<std::optional<std::string>> receive(std::optional<Deadline> deadline = {});
    // The same with its descriptors, which are closed on exec.
    Result<std::optional<Parcel>> receiveParcel(std::optional<Deadline> deadline = {});
    // Who made the other end.
    Result<Peer> peerOf() const;
    void close() { m_fd.reset(); }

private:
    Descriptor m_fd;
};

// A folder that only this user may enter, made where it is missing; NEEDS_RIGHTS when others may.
Result<void> ensurePrivateFolder(const fs::path &folder);

// Waits for others at a path in a folder that only this user may enter; removes its file at the
// end.
class ChannelServer
{
public:
    static Result<ChannelServer> listen(const fs::path &path);
    ChannelServer(ChannelServer &&other) noexcept = default;
    ~ChannelServer();

    int value() const { return m_fd.value(); }
    Result<Channel> accept() { return Channel::accept(m_fd.value()); }

private:
    ChannelServer(Descriptor fd, fs::path path, std::string identity);
    Descriptor m_fd;
    fs::path m_path;
    std::string m_identity;
};

} // namespace Freshen::Platform
