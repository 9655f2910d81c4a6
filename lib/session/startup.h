// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What an app does with its own last update when it starts.

#pragma once

#include "lib/session/installation.h"
#include "updater-helper/install/history.h"

namespace Freshen {

enum class StartupVerdict {
    Settled, // nothing is under way any more
    Busy, // a helper is at work, perhaps waiting to hear that this start went well
    CommitWhenReady, // nobody waits: this start is the new version's chance
    WentBack, // the chance was missed; the old version is back and has been started
};

struct StartupReport {
    StartupVerdict verdict = StartupVerdict::Settled;
    // The last result, when nobody was told of it yet; now it counts as told.
    std::optional<Install::LastResult> news;
};

// Slow: not in a GUI thread. `arguments` are for a version that is started again.
Result<StartupReport> settleAtStart(const Installation &installation,
                                    const std::vector<std::string> &arguments);
// After CommitWhenReady, once this program is ready.
Result<void> commitAtStart(const Installation &installation);

} // namespace Freshen
