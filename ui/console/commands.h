// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/commandline/program.h"

namespace Freshen {

Command checkCommand();
Command compareCommand();
Command recoverCommand();
Command registerCommand();
Command replaceCommand();
Command repairCommand();
Command rollbackCommand();
Command statusCommand();
Command unregisterCommand();
Command updateCommand();
Command verifyCommand();

} // namespace Freshen
