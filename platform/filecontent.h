// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/file.h"

namespace Freshen::Platform {

// What is left of an open file; SIZE when that is more than the limit. `path` is what a message
// names.
Result<std::string> readRest(const Descriptor &file, const fs::path &path, std::size_t limit);

} // namespace Freshen::Platform
