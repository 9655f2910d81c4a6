// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/file.h"

namespace Freshen::Platform {

// The folder of that name in an open one, without following a link; fails with EXDEV where
// something is mounted, as far as the system can tell.
Descriptor openWithoutMounts(int folder, const char *name);

} // namespace Freshen::Platform
