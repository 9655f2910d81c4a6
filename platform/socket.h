// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Sockets on which a program waits for others, known by what they are: their kind and address.

#pragma once

#include "platform/file.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace Freshen::Platform {

struct SocketAddress {
    enum class Kind { Tcp, Udp, UnixStream, UnixDatagram, UnixSeqpacket };

    Kind kind = Kind::Tcp;
    std::string host; // a number; "*" is every address of both protocols, "::" those of IPv6
    std::uint16_t port = 0; // 0: one that is free
    std::string path; // of Unix sockets; "@name" is a name without a file

    // "tcp:HOST:PORT", "udp:[::1]:53", "unix:PATH", "unixgram:PATH", "unixpacket:PATH". HOST is a
    // number, "localhost", or "*" or nothing for all.
    static Result<SocketAddress> parse(std::string_view text);
    std::string toText() const;
    bool isUnix() const;
    bool operator==(const SocketAddress &other) const = default;
};

// Called with a socket before it gets its address, to set its options.
using SocketHook = std::function<Result<void>(int fd)>;

// A socket at that address that others can reach, closed on exec and non-blocking. The file of a
// Unix socket on which nobody listens any more is replaced; any other file is an error.
Result<Descriptor> openListening(const SocketAddress &address, const SocketHook &hook = {});

// Makes calls on it wait, in all processes that share it.
void setBlocking(int fd);
// False when it is no open descriptor; else programs that this process starts do not get it.
bool closeOnExec(int fd);

// Where others reach this descriptor, asked of the system; nothing when it is no socket that
// waits for others.
std::optional<SocketAddress> addressOf(int fd);

// The file of a Unix socket, to be removed by whoever owns it, and only while it is the same.
struct SocketFile {
    fs::path path;
    std::string identity;
};
// Nothing when there is none.
std::optional<SocketFile> socketFileOf(const SocketAddress &address);
void removeSocketFile(const SocketFile &file);

} // namespace Freshen::Platform
