// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/session/installation.h"

namespace Freshen {

// The header line of a manifest made here that names the package it came from, by its signature.
inline constexpr std::string_view plainPackageLine = "package";

// Gives the tree in the staging folder, which holds these entries, what a release needs: a
// freshen.json, where the package brings none, and a manifest that the install accepts. Refuses a
// tree that is not what the item says, as far as anything in it tells.
Result<Trust::Manifest> describePlainTree(const Installation &installation, const AppcastItem &item,
                                          std::vector<Trust::ManifestEntry> entries);

} // namespace Freshen
