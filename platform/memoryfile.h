// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Bytes in a file that has no name and lives in memory, to be passed to another process.

#pragma once

#include "platform/file.h"

namespace Freshen::Platform {

Result<Descriptor> createMemoryFile(std::string_view content);
// All of it, wherever its position stands. PROTOCOL when it is no file, or larger than the limit.
Result<std::string> readMemoryFile(const Descriptor &file, std::size_t limit = 1u << 30);

} // namespace Freshen::Platform
