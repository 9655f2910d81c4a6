// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The helper as the guard: a copy of it stands at the executable's path of an app that is being
// changed piece by piece. Whoever starts the app then starts the guard.

#pragma once

#include "updater-helper/install/layout.h"

#include <optional>

namespace Freshen {

// The app whose executable this program stands in for; nothing where it is no guard.
std::optional<Install::Layout> guardedApp(const std::filesystem::path &self);

// Waits for the change, or finishes or undoes it where nobody does, and goes on as the app. Returns
// an exit status only where that is impossible.
int guardApp(const Install::Layout &layout, const std::filesystem::path &self, char **arguments);

} // namespace Freshen
