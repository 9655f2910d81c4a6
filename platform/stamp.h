// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <filesystem>
#include <string>

namespace Freshen::Platform {

// What changes when a file is written to, or an entry of a folder comes or goes: number, size, mode
// and times. Empty when it is missing, and where a change could follow so soon that the times would
// not show it.
std::string stampOf(const std::filesystem::path &path);

// Whether a file may have changed after another one was written to; true where there is no other.
bool mayHaveChangedSince(const std::filesystem::path &path, const std::filesystem::path &other);

} // namespace Freshen::Platform
