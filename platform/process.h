// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Processes, held by handle and never by number, so that a reused number is never mistaken.

#pragma once

#include "platform/file.h"

#include <chrono>
#include <optional>
#include <vector>

namespace Freshen::Platform {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;

struct StartRequest {
    fs::path program; // absolute
    std::vector<std::string> arguments; // without the program's name
    std::vector<std::string> environment; // "NAME=value", the whole of it
    fs::path workingDirectory; // "/" when it is gone
    std::vector<int> descriptors; // become 3, 4, 5 … in the child; all others are closed
    // As many of them, from the first, are told to the program under these names, the way service
    // managers do: LISTEN_FDS, LISTEN_FDNAMES, LISTEN_PID (sd_listen_fds(3)).
    std::vector<std::string> listenNames;
    bool ownSession = false; // outlives this process and its terminal
    bool discardOutput = false; // standard streams go nowhere, else they are inherited
    std::optional<int> input; // these become standard input and output, whatever happens to the
    std::optional<int> output; // other standard streams
};

class Process
{
public:
    static Result<Process> start(const StartRequest &request);
    // A handle on this process, to be inherited by the one that waits for its end.
    static Result<Descriptor> handleOfSelf();

    int id() const { return m_id; }
    const Descriptor &handle() const { return m_handle; }
    // How it ended: its exit code, or 128 + signal. Empty while it runs.
    std::optional<int> exitCode();
    void terminate();
    void kill();

private:
    int m_id = 0;
    Descriptor m_handle;
    std::optional<int> m_exitCode;
};

// Runs a program that wants no input, and returns what it wrote to standard output. HELPER where it
// cannot be started, fails, writes more than `limit` bytes, or is not done in time; it is then
// ended.
Result<std::string> readOutput(StartRequest request, Deadline deadline,
                               std::size_t limit = 64 * 1024);

// Whether the process behind the handle has ended.
bool hasEnded(const Descriptor &handle);

// Handles on every process, this one left out, whose executable lies inside the folder.
struct RunningProcess {
    int id = 0;
    std::string name;
    Descriptor handle;
};
std::vector<RunningProcess> processesRunningFrom(const fs::path &tree);
// Asks them to end, then ends them; returns once none runs or the deadline has passed.
void endProcesses(const fs::path &tree, Deadline deadline);

// Whether `id` is the process `ancestor` or was started by it, directly or not.
bool isSelfOrDescendant(int id, int ancestor);

// This process's environment as "NAME=value", and its arguments without the program's name.
std::vector<std::string> currentEnvironment();
std::vector<std::string> currentArguments();

// Waits until one of the descriptors can be read (a process handle: has ended), at the latest
// until the deadline. Returns the index, or nothing when the time is over.
std::optional<std::size_t> waitForAny(const std::vector<int> &descriptors,
                                      std::optional<Deadline> deadline);

} // namespace Freshen::Platform
