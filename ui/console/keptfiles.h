// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/commandline/program.h"
#include "lib/session/installation.h"

namespace Freshen {

// Tells which files of the user could not stay where they were in the change that just ended.
void tellKeptFiles(Answer &answer, const Installation &installation);

} // namespace Freshen
