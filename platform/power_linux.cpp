// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/power.h"

#include "platform/file.h"

namespace Freshen::Platform {

namespace {

constexpr std::size_t maximumValue = 4096;

// Empty where the supply does not say, or has just been pulled out.
std::string valueOf(const fs::path &supply, const char *name)
{
    std::string value = readFile(supply / name, maximumValue).value_or(std::string());
    if (value.ends_with('\n'))
        value.pop_back();
    return value;
}

} // namespace

// See the kernel's Documentation/ABI/testing/sysfs-class-power.
bool isOnBattery(const fs::path &supplies)
{
    bool isDischarging = false;
    std::error_code error;
    for (const auto &supply : fs::directory_iterator(supplies, error)) {
        // A mouse's or a headset's.
        if (valueOf(supply, "scope") == "Device")
            continue;
        const std::string type = valueOf(supply, "type");
        const std::string online = valueOf(supply, "online");
        if (type == "Battery" || type == "UPS")
            isDischarging |= valueOf(supply, "status") == "Discharging";
        else if (!online.empty() && online != "0")
            return false;
    }
    return isDischarging;
}

} // namespace Freshen::Platform
