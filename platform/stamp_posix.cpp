// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/stamp.h"

#include <ctime>
#include <utility>

#include <sys/stat.h>

namespace Freshen::Platform {

namespace {

// The coarsest clock of a file system that is in use: FAT's.
constexpr std::time_t settleTime = 2; // s

std::string textOf(const struct timespec &time)
{
    return std::to_string(time.tv_sec) + "." + std::to_string(time.tv_nsec);
}

} // namespace

std::string stampOf(const std::filesystem::path &path)
{
    struct stat status = {};
    if (::lstat(path.c_str(), &status) != 0)
        return {};
    // The other time can be set by anyone, this one only by a change.
    if (status.st_ctim.tv_sec + settleTime >= std::time(nullptr))
        return {};
    return std::to_string(status.st_ino) + ":" + std::to_string(status.st_size) + ":"
        + std::to_string(status.st_mode) + ":" + textOf(status.st_mtim) + ":"
        + textOf(status.st_ctim);
}

bool mayHaveChangedSince(const std::filesystem::path &path, const std::filesystem::path &other)
{
    struct stat changed = {};
    struct stat written = {};
    if (::lstat(path.c_str(), &changed) != 0 || ::lstat(other.c_str(), &written) != 0)
        return true;
    const auto toPair = [](const struct timespec &time) {
        return std::pair(time.tv_sec, time.tv_nsec);
    };
    return toPair(changed.st_ctim) >= toPair(written.st_mtim);
}

} // namespace Freshen::Platform
