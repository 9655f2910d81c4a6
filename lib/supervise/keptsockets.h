// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/process.h"
#include "platform/socket.h"

#include <QJsonArray>
#include <QString>

#include <vector>

namespace Freshen {

// The listening sockets of a supervised program. They stay open in the supervisor, so that clients
// wait while no generation accepts, and every generation gets the same ones.
class KeptSockets
{
public:
    // The number of the first one in a program that inherits them (sd_listen_fds(3)).
    static constexpr int firstNumber = 3;

    // "http=tcp:127.0.0.1:8080", "ctl=unix:/run/agent.sock", "dns=udp:[::1]:53". USAGE when it is
    // none of these, or the name is taken.
    Result<void> add(const QString &text);
    // Takes those that the service manager opened, and opens the others. One of the service
    // manager's that was not asked for is kept, too, under its own name.
    Result<void> open();
    // Takes those, still unopened, that a program holds which an earlier supervisor left behind.
    void adoptFrom(const Platform::Descriptor &process);
    // A program that was not written for them expects calls that wait. Only while none runs: one
    // that shares them with its successor must not wait for what the other took.
    void makeBlocking();
    // Closes them, and removes the files of those that were opened here.
    void close();

    std::vector<int> descriptors() const;
    std::vector<std::string> names() const;
    QJsonArray toJson() const;

private:
    struct Socket {
        std::string name;
        Platform::SocketAddress address;
        Platform::Descriptor fd;
        std::optional<Platform::SocketFile> file; // of one that was opened here
    };
    bool adopt(Platform::Descriptor &fd);

    std::vector<Socket> m_sockets;
};

} // namespace Freshen
