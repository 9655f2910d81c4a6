// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/file.h"

namespace Freshen::Platform {

// The folder of that name in an open one, without following a link; fails with EXDEV where
// something is mounted, as far as the system can tell.
Descriptor openWithoutMounts(int folder, const char *name);
// NO_EXCHANGE where something is mounted at the folder: what is mounted cannot be renamed.
Result<void> requireNotMounted(const fs::path &folder);

} // namespace Freshen::Platform
