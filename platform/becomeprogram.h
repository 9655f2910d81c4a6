// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/result.h"

#include <filesystem>

namespace Freshen::Platform {

// This process goes on as another program, with the same arguments, environment and standard
// streams. Returns only when that fails.
Error becomeProgram(const std::filesystem::path &program, char **arguments);

// Whether the file at the path is the one that this process runs.
bool isThisProgram(const std::filesystem::path &program);

} // namespace Freshen::Platform
