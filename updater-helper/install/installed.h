// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "updater-helper/install/accepted.h"
#include "updater-helper/trust/treecheck.h"

namespace Freshen::Install {

// Compares what stands at the app's path with a manifest, file by file.
Result<std::vector<Trust::Difference>> compareInstalled(const Layout &layout,
                                                        const Trust::Manifest &manifest,
                                                        Trust::UnknownFiles unknown,
                                                        const Trust::Progress &progress = {});

// The release that stands at the app's path; see readRelease().
Result<Trust::TreeManifest> installedRelease(const Layout &layout,
                                             const std::vector<Trust::PublicKey> &keys);
// The program that starts it. A single file needs no manifest to be known.
Result<std::filesystem::path> installedProgram(const Layout &layout,
                                               const std::vector<Trust::PublicKey> &keys);

// MANIFEST unless the release can take the place of what is installed: that of a single file has
// one file besides its freshen.json.
Result<void> checkForm(const Layout &layout, const Trust::Manifest &release);

} // namespace Freshen::Install
