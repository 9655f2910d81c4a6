// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/settingsstore.h>

namespace Freshen {

SettingsStore::~SettingsStore() = default;

} // namespace Freshen
