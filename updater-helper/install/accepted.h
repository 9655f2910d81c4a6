// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The manifests that this install accepted, by their hashes: so what was installed here can be
// verified, repaired and gone back to after its key was retired. Releases without a publisher's
// manifest have nothing else: theirs is made on this computer, from a package whose signature was
// verified. Whoever may write that memory may write the app itself.

#pragma once

#include "updater-helper/install/layout.h"
#include "updater-helper/trust/manifest.h"

namespace Freshen::Install {

// Remembers a manifest that was verified, or made, here, and of the others those whose trees still
// exist.
Result<void> acceptManifest(const Layout &layout, const std::string &sha256);

// The manifest of a tree that was installed here: accepted, or signed by one of the keys.
Result<Trust::TreeManifest> readRelease(const Layout &layout, const std::filesystem::path &tree,
                                        const std::vector<Trust::PublicKey> &keys);
// The manifest of a tree that is to be installed: signed by one of the keys, whatever was accepted
// before; accepted where it has no signature.
Result<Trust::TreeManifest> readNewRelease(const Layout &layout, const std::filesystem::path &tree,
                                           const std::vector<Trust::PublicKey> &keys);

} // namespace Freshen::Install
