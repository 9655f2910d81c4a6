// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/replacement.h>

#include "lib/common/convert.h"
#include "platform/paths.h"

namespace Freshen {

namespace {

// The system tells where the file is now, after an update: where the old version went. So it is
// asked before main().
const std::filesystem::path &pathAtStart()
{
    static const std::filesystem::path path = Platform::executablePath();
    return path;
}

[[maybe_unused]] const bool isAsked = !pathAtStart().empty();

} // namespace

QString Replacement::ownExecutable()
{
    return toQString(pathAtStart());
}

} // namespace Freshen
