// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What is checked before a release may be fetched, and before it may be swapped in.

#pragma once

#include "lib/session/installation.h"

namespace Freshen {

// NEEDS_RIGHTS where this user may not write to the app's place, and nobody with more rights does
// it for them.
Result<void> checkRights(const Installation &installation);
// Whether the app can be exchanged at all: NEEDS_RIGHTS, NO_EXCHANGE.
Result<void> checkPlace(const Installation &installation);
// Whether package and tree will fit: NO_SPACE.
Result<void> checkSpace(const Install::Layout &layout, const QString &downloadFolder,
                        quint64 treeSize, quint64 packageSize);
// Whether the manifest is the one that the feed item stands for, and for this computer.
Result<void> checkManifest(const Trust::Manifest &manifest, const AppcastItem &item,
                           const Installation &installation);
// Whether one of the keys signed the whole package (sparkle:edSignature).
Result<void> checkPackageSignature(const QString &package, const AppcastItem &item,
                                   const std::vector<Trust::PublicKey> &keys);

// Whether the release's own freshen.json says the same as its manifest, which is authoritative.
Result<void> checkDescription(const std::filesystem::path &tree, const Trust::Manifest &manifest);

} // namespace Freshen
