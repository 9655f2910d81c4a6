// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/session/installation.h"
#include "updater-helper/install/registration.h"

namespace Freshen {

// For an administrator: lets an install be updated by users who may not write to its folder, with
// its own release keys, and puts the helper where it can be given rights. NEEDS_RIGHTS, UNSAFE_DIR,
// SIGNATURE where the installed version is nobody's release.
Result<Install::Registration> registerInstall(const Installation &installation);
// Takes that back, also where the app is gone; nothing when it was not registered.
Result<std::optional<Install::Registration>> unregisterInstall(
    const std::filesystem::path &app);

} // namespace Freshen
