// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <filesystem>

namespace Freshen::Platform {

// Whether this computer lives on what it has stored: a battery of its own is being used up, and
// nothing feeds it from outside. False where nobody knows.
bool isOnBattery(const std::filesystem::path &supplies = "/sys/class/power_supply");

} // namespace Freshen::Platform
