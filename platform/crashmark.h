// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A file that stays behind when this process crashes.

#pragma once

#include <filesystem>

namespace Freshen::Platform {

// Removes the file when this process ends in any other way: by exit(), or by a signal that somebody
// sends to end it (SIGTERM, SIGINT, SIGHUP, SIGQUIT), as far as the program leaves that signal
// alone. Such a signal still has the effect that it would have had. One file for each process: the
// last one. Not for several threads at once.
void removeUnlessCrashed(const std::filesystem::path &file);

// Whether a debugger follows this process, so that its end tells nothing.
bool isDebugged();

} // namespace Freshen::Platform
