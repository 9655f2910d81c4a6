// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/becomeprogram.h"

#include "platform/file.h"

#include <cerrno>

#include <sys/stat.h>
#include <unistd.h>

namespace Freshen::Platform {

Error becomeProgram(const std::filesystem::path &program, char **arguments)
{
    ::execv(program.c_str(), arguments);
    return systemError("start", program, errno);
}

bool isThisProgram(const std::filesystem::path &program)
{
    struct stat there = {};
    struct stat own = {};
    return ::lstat(program.c_str(), &there) == 0 && ::stat("/proc/self/exe", &own) == 0
        && there.st_dev == own.st_dev && there.st_ino == own.st_ino;
}

} // namespace Freshen::Platform
