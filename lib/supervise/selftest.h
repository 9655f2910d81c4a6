// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/supervise/target.h"

namespace Freshen {

// How the program is started: a path or name, and its arguments.
struct ProgramCommand {
    std::filesystem::path program; // absolute
    std::vector<std::string> arguments;
};

// The option that asks a program for its own test.
inline constexpr const char *selfTestOption = "--freshen-selftest";

// Runs the staged build the way the program is started, with "--freshen-selftest TOKEN" behind its
// arguments. Within five seconds it has to end with 0 and to write the token, and may write its
// version after a space, which then has to be the staged one. SELF_TEST when it does not. Slow.
Result<void> runSelfTest(const StagedBuild &build, const ProgramCommand &command,
                         const Target &target);

} // namespace Freshen
