// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Releases without a publisher's manifest. Theirs is made on this computer, from a package whose
// signature was verified; nobody signs it, so the install remembers its hash instead. Whoever may
// write that memory may write the app itself.

#pragma once

#include "updater-helper/install/layout.h"
#include "updater-helper/trust/manifest.h"

namespace Freshen::Install {

// Remembers a manifest that was made here, and of the others those whose trees still exist.
Result<void> acceptManifest(const Layout &layout, const std::string &sha256);

// The manifest of a tree of this install: accepted, or signed by one of the keys.
Result<Trust::TreeManifest> readRelease(const Layout &layout, const std::filesystem::path &tree,
                                        const std::vector<Trust::PublicKey> &keys);

} // namespace Freshen::Install
