// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// How a program is started with an administrator's rights after a person agreed.

#pragma once

#include "platform/process.h"

namespace Freshen::Platform {

// Whether a file is there that this user may run.
bool isProgram(const fs::path &path);
// What to start for it. Of all descriptors, only the standard streams get through.
StartRequest elevatedStart(const fs::path &program, const std::vector<std::string> &arguments);
// Whether that ended because nobody agreed, or nobody could be asked.
bool wasDeclined(int exitCode);

} // namespace Freshen::Platform
