// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/boot.h"

#include "platform/file.h"

namespace Freshen::Platform {

std::string bootId()
{
    const auto text = readFile("/proc/sys/kernel/random/boot_id", 100);
    return text ? text->substr(0, text->find('\n')) : std::string();
}

} // namespace Freshen::Platform
