// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "updater-helper/trust/manifest.h"

#include <optional>

namespace Freshen::Trust {

// Why a link of the manifest cannot be followed, as the end of a sentence: it leads back to itself
// or through more links than systems follow. Nothing when it has an end, which may be a file that
// is not there yet. That each single target stays inside the tree is the name policy's business.
std::optional<std::string> objectionToChain(const ManifestEntry &link, const Manifest &manifest);

} // namespace Freshen::Trust
