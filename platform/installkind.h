// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Who keeps an installed app fresh: nobody yet, or somebody whose work an update would fight.

#pragma once

#include "platform/result.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace Freshen::Platform {

enum class InstallKind {
    Plain, // nobody: the app may update itself
    AppImage, // the whole file is replaced, not what is mounted from it
    Flatpak,
    Snap,
    Debian, // a package of dpkg
    Rpm,
    Store, // of the system's maker; there is none on Linux
    ReadOnly, // a medium that nobody can write
};

struct InstallOrigin {
    InstallKind kind = InstallKind::Plain;
    std::string name; // of the package or app, where it is known
};

// The variable's value; empty where it is not set.
std::string environmentValue(const std::string &name);
// What a package manager's program answers; HELPER where it fails or takes more than five seconds.
Result<std::string> askProgram(const std::vector<std::string> &command);

// What of the system is looked at.
struct OriginProbe {
    std::filesystem::path root = "/";
    std::function<std::string(const std::string &name)> environment = environmentValue;
    std::function<Result<std::string>(const std::vector<std::string> &command)> ask = askProgram;
};

// Where the app at this absolute path comes from. Package managers are asked only where they put
// apps or where this user may not write, never about the user's own folders: an ordinary install
// costs no process. Else it may take seconds, so it is nothing for the thread of a window.
InstallOrigin originOf(const std::filesystem::path &app, const OriginProbe &probe = {});

// An AppImage and the folder where what is in it is mounted.
struct AppImage {
    std::filesystem::path file;
    std::filesystem::path mount;
};
// The AppImage that a program runs from; nothing where it runs from none, even if its starter does.
std::optional<AppImage> appImageOf(const std::filesystem::path &program,
                                   const OriginProbe &probe = {});

} // namespace Freshen::Platform
