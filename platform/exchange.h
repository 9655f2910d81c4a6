// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Two names swapped in one step, so that neither is ever missing.

#pragma once

#include "platform/result.h"

#include <filesystem>
#include <string>

namespace Freshen::Platform {

// Swaps what stands at the two paths, which are on one file system. NO_EXCHANGE where the system
// or the file system cannot.
Result<void> exchange(const std::filesystem::path &one, const std::filesystem::path &other);

// Puts the file `from` in the place of the file `to`, which is never missing meanwhile.
Result<void> replaceFile(const std::filesystem::path &from, const std::filesystem::path &to);
// The file gets a second name; where the file system has no such thing, a copy with its attributes
// and its content on the disk.
Result<void> keepAs(const std::filesystem::path &file, const std::filesystem::path &name);

// Tries an exchange of two small folders inside `folder`.
Result<void> checkExchange(const std::filesystem::path &folder);

// Why this user may not rename what is in the folder, in words ("it is on a read-only file
// system"); empty when nothing stands against it.
std::string objectionToWriting(const std::filesystem::path &folder);

} // namespace Freshen::Platform
