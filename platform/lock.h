// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/file.h"

namespace Freshen::Platform {

// Locks a file (made when missing) for this open file and for every process that inherits it; the
// last one that closes it, or dies, gives it up. BUSY when another holds it.
Result<Descriptor> lockFile(const fs::path &path);

} // namespace Freshen::Platform
