// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/commandline/program.h"

namespace Freshen {

Command superviseCommand();
Command ctlCommand();

} // namespace Freshen
