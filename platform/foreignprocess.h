// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What other processes hold.

#pragma once

#include "platform/process.h"

namespace Freshen::Platform {

// Tells two processes with the same number apart; empty when there is no such process.
std::string birthOf(int id);
// A handle on the process; closed when it is gone, or another one has its number by now.
Descriptor openProcess(int id, const std::string &birth);
// Handles on the processes of this user, this one left out, that were started with this
// "NAME=value" in their environment.
std::vector<Descriptor> processesStartedWith(const std::string &entry);
// Asks it to end, and ends it when the time is over. Returns when it is gone.
void endProcess(const Descriptor &process, Deadline deadline);
// A duplicate of a descriptor of the process, where the system allows that.
Descriptor duplicateFrom(const Descriptor &process, int number);

// Whether anybody executes this file, other users included, whose processes cannot be seen. False
// where that cannot be told: the file has to be this user's own.
bool isExecuted(const fs::path &program);

} // namespace Freshen::Platform
