// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/result.h"

#include <string>

namespace Freshen::Platform {

// Asks on the terminal of this process, whatever its standard streams are, for a line that is not
// shown while it is typed. KEY where there is no terminal, or nothing was typed.
Result<std::string> askPassword(const std::string &question);

} // namespace Freshen::Platform
