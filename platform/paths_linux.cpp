// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/paths.h"

#include <cstdlib>
#include <string>

#include <pwd.h>
#include <unistd.h>

namespace Freshen::Platform {

namespace {

namespace fs = std::filesystem;

fs::path homeDirectory()
{
    if (const char *home = std::getenv("HOME"); home && *home == '/')
        return home;
    const passwd *user = ::getpwuid(::getuid());
    return user && user->pw_dir ? user->pw_dir : "/";
}

// The XDG base directory specification: relative values are ignored.
fs::path baseDirectory(const char *variable, const char *fallback)
{
    const char *value = std::getenv(variable);
    const fs::path base = value && *value == '/' ? fs::path(value) : homeDirectory() / fallback;
    return base / "freshen";
}

} // namespace

fs::path executablePath()
{
    std::error_code error;
    const std::string path = fs::read_symlink("/proc/self/exe", error).string();
    // The system's own words for a file that has no name any more.
    constexpr std::string_view mark = " (deleted)";
    if (path.ends_with(mark) && !fs::exists(path, error))
        return path.substr(0, path.size() - mark.size());
    return path;
}

fs::path stateDirectory()
{
    return baseDirectory("XDG_STATE_HOME", ".local/state");
}

fs::path cacheDirectory()
{
    return baseDirectory("XDG_CACHE_HOME", ".cache");
}

// Services have no session that would set the variable.
fs::path runtimeDirectory()
{
    if (const char *value = std::getenv("XDG_RUNTIME_DIR"); value && *value == '/')
        return fs::path(value) / "freshen";
    if (::geteuid() == 0)
        return "/run/freshen";
    const fs::path ofSession = "/run/user/" + std::to_string(::geteuid());
    std::error_code error;
    return fs::is_directory(ofSession, error) ? ofSession / "freshen" : stateDirectory() / "run";
}

fs::path systemConfiguration()
{
    return "/etc/freshen";
}

fs::path systemState()
{
    return "/var/lib/freshen";
}

fs::path policyFile()
{
    return systemConfiguration() / "policy.json";
}

fs::path helperSocket()
{
    return "/run/freshen-helper.sock";
}

std::string_view systemName()
{
    return "linux";
}

} // namespace Freshen::Platform
