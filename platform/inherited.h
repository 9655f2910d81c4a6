// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Descriptors that the starter of this process passed on, the way service managers do it:
// LISTEN_FDS, LISTEN_FDNAMES, LISTEN_PID (sd_listen_fds(3)). Process::start() is the other side.

#pragma once

#include "platform/file.h"

#include <string>
#include <string_view>
#include <vector>

namespace Freshen::Platform {

struct NamedDescriptor {
    std::string name;
    Descriptor descriptor;
};

// They belong to the caller from then on, are closed on exec, and the variables are forgotten, so
// that children are not confused. None when they were meant for another process. PROTOCOL when
// what is told cannot be true; nothing is closed then.
Result<std::vector<NamedDescriptor>> takeInherited();

// Names in the form that a list of them can hold ("%3A" for a colon), and back.
std::string toListName(std::string_view name);
std::string fromListName(std::string_view listed);

} // namespace Freshen::Platform
