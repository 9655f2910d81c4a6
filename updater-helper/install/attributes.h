// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "updater-helper/install/layout.h"
#include "updater-helper/trust/manifest.h"

namespace Freshen::Install {

// Gives a staged tree what an installed one has beside its content: the owner of the installed
// tree; access lists, capabilities and the user's own attributes of the file at the same path; the
// mode of the app's own folder, which no manifest lists. Only an administrator can give files to
// somebody else. NEEDS_RIGHTS where a file would lose a capability.
Result<void> adoptAttributes(const Layout &layout, const std::filesystem::path &tree,
                             const Trust::Manifest &manifest);

} // namespace Freshen::Install
