// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A version that works well enough to be kept, and then keeps crashing. For a week after an update
// each start leaves a note in the user's runtime folder, which a clean end and some minutes of
// running take away. At the third start in ten minutes whose predecessors crashed, the version
// before it comes back: once, because what was gone back to is no update.

#pragma once

#include "lib/session/helperrun.h"
#include "lib/session/installation.h"

namespace Freshen {

// So long a version has to run to be believed.
constexpr std::chrono::minutes provenAfter{5};

// Whether the installed version came with an update and crashed at its last starts.
bool keepsCrashing(const Installation &installation);
void noteStart(const Installation &installation);
// It works: whatever was noted is void.
void forgetStarts(const Installation &installation);

// The helper on its way back to the previous version: told to go already, because this process may
// not last. Null where there is no way back, or not now; what the person has to know of that is the
// last result then.
std::unique_ptr<HelperRun> beginWayBack(const Installation &installation);

} // namespace Freshen
