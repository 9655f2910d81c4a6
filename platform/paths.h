// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Where things are on this system.

#pragma once

#include <filesystem>
#include <string_view>

namespace Freshen::Platform {

std::filesystem::path executablePath();
// Per user, for state that must last ("~/.local/state/freshen") and for what can be fetched again
// ("~/.cache/freshen").
std::filesystem::path stateDirectory();
std::filesystem::path cacheDirectory();
// Per user, for sockets, until the next start of the computer ("/run/user/1000/freshen"). May not
// be there yet; make it for this user alone.
std::filesystem::path runtimeDirectory();
// Of the whole computer, for the administrator to write and for all to read: what was decided
// ("/etc/freshen") and what has to last ("/var/lib/freshen").
std::filesystem::path systemConfiguration();
std::filesystem::path systemState();
// What the administrator of this computer decided for all users.
std::filesystem::path policyFile();
// Where the service listens that updates registered apps with an administrator's rights.
std::filesystem::path helperSocket();

// The names of this system and processor in manifests: "linux", "x86_64".
std::string_view systemName();
std::string_view processorName();

} // namespace Freshen::Platform
