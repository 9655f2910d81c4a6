// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// How this process was started, as long as that can still be told: an update moves the executable,
// and programs change their directory.

#pragma once

#include <filesystem>

namespace Freshen {

struct ProcessStart {
    std::filesystem::path executable;
    std::filesystem::path workingDirectory;
};

const ProcessStart &processStart();

} // namespace Freshen
