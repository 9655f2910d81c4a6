// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/elevation.h"

#include <unistd.h>

namespace Freshen::Platform {

namespace {

// Of pkexec(1).
constexpr int dismissed = 126;
constexpr int notAuthorised = 127;

} // namespace

bool isProgram(const fs::path &path)
{
    std::error_code error;
    return fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

StartRequest elevatedStart(const fs::path &program, const std::vector<std::string> &arguments)
{
    StartRequest request;
    request.program = "/usr/bin/pkexec";
    // There is no terminal to ask at: the desktop's agent does it.
    request.arguments = {"--disable-internal-agent", program.string()};
    request.arguments.insert(request.arguments.end(), arguments.begin(), arguments.end());
    request.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"};
    request.workingDirectory = "/";
    request.discardOutput = true;
    return request;
}

bool wasDeclined(int exitCode)
{
    return exitCode == dismissed || exitCode == notAuthorised;
}

} // namespace Freshen::Platform
