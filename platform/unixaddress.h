// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Unix socket addresses as the system wants them.

#pragma once

#include <string>
#include <string_view>

#include <sys/socket.h>
#include <sys/un.h>

namespace Freshen::Platform {

struct UnixAddress {
    sockaddr_un address = {};
    socklen_t length = 0; // 0: the name is empty or too long

    // "@name" is a name without a file (unix(7), sd_notify(3)); such a socket leaves nothing
    // behind.
    static UnixAddress fromName(std::string_view name);
    std::string name() const;
    const sockaddr *data() const { return reinterpret_cast<const sockaddr *>(&address); }
};

} // namespace Freshen::Platform
