// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What follows once it is decided which version stays. Each may be broken off and is then repeated.

#pragma once

#include "updater-helper/install/journal.h"

namespace Freshen::Install {

// From the phase that was noted last; every further one is noted in the journal.
Result<void> bringNew(const Layout &layout, Journal &journal);

// The new version stays.
Result<void> finishCommit(const Layout &layout, const Journal &journal,
                          const std::optional<Error> &problem = {},
                          const std::string &downtimeMs = {});
// The old version returns.
Result<void> finishBack(const Layout &layout, Journal journal);

// Nothing is under way any more.
Result<void> closeJournal(const Layout &layout);

} // namespace Freshen::Install
