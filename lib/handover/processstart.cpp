// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/handover/processstart.h"

#include "platform/paths.h"

namespace Freshen {

namespace {

ProcessStart lookUp()
{
    std::error_code error;
    return {Platform::executablePath(), std::filesystem::current_path(error)};
}

// Before main().
const ProcessStart start = lookUp();

} // namespace

const ProcessStart &processStart()
{
    return start;
}

} // namespace Freshen
