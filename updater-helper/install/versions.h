// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The versions that were installed before, as whole trees in a row: previous(1) is the newest.

#pragma once

#include "updater-helper/install/layout.h"

namespace Freshen::Install {

// The version that was left, at staged(), becomes the newest of at most `count`.
Result<void> keepPrevious(const Layout &layout, int count);
// After the newest was taken from the row.
Result<void> closeGap(const Layout &layout);
// All that are there.
std::vector<std::filesystem::path> previousVersions(const Layout &layout);

} // namespace Freshen::Install
