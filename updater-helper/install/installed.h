// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "updater-helper/install/layout.h"
#include "updater-helper/trust/treecheck.h"

namespace Freshen::Install {

// Compares what stands at the app's path with a manifest, file by file.
Result<std::vector<Trust::Difference>> compareInstalled(const Layout &layout,
                                                        const Trust::Manifest &manifest,
                                                        Trust::UnknownFiles unknown,
                                                        const Trust::Progress &progress = {});

} // namespace Freshen::Install
