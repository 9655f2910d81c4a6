// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A test program that is started by itself as the child whose start is tested.

#pragma once

#include "platform/process.h"

#include <optional>
#include <string>

namespace ChildProgram {

// What a child was told to do, by its first argument, with its exit code; nothing for the test
// itself. Reports go to descriptor 3.
//   arguments, environment, directory, descriptors, signals, session, output: report them
//   say N TEXT        writes TEXT to descriptor N
//   exit N            ends with that code
//   wait              until descriptor 3 ends
//   ready             says that it is ready, then waits until descriptor 3 ends
//   start ARGUMENT…   starts itself with these, passes descriptor 3 on and waits for its end
std::optional<int> run(int argc, char **argv);

// A request to start this program as such a child, with the test's environment.
Freshen::Platform::StartRequest request(std::vector<std::string> arguments);

// Both ends of a pipe, closed on exec.
struct Pipe {
    Freshen::Platform::Descriptor readEnd;
    Freshen::Platform::Descriptor writeEnd;
    static Pipe create();
};

// Everything until the end of the pipe, for thirty seconds at most.
std::string readAll(Pipe &pipe);
// Runs a child and returns what it reported.
std::string report(Freshen::Platform::StartRequest request);

// The exit code, waited for thirty seconds at most.
std::optional<int> waitForEnd(Freshen::Platform::Process &process);

} // namespace ChildProgram
