// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The change of an installed app, in steps that may each be broken off at any moment.
//
//             prepare             swap             commit
//   (none) ----------> ready·old ------> ready·new ------> committed ---> (none)
//      ^                 |                  | back
//      +---- discard ----+                  +------> back ---> (none)
//
// Every step first notes on the disk what it is about to do, and does only what can be repeated.
// All of it needs the lock of the install. README.md has the whole of it.

#pragma once

#include "updater-helper/install/history.h"
#include "updater-helper/install/journal.h"
#include "updater-helper/trust/treecheck.h"

namespace Freshen::Install {

// Verifies the tree that the order names, waits until it is on the disk and writes the journal.
Result<void> prepare(const Layout &layout, const Order &order,
                     const Trust::Progress &progress = {});
// Puts the new version at the app's path, in one step or piece by piece, and brings the files of
// the user along.
Result<void> swap(const Layout &layout);
// Keeps the new version. `problem` is told in the result although it stays; `downtimeMs` is how
// long the app did not run, where somebody measured it.
Result<void> commit(const Layout &layout, const std::optional<Error> &problem = {},
                    const std::string &downtimeMs = {});
// Puts the old version back. `refused`: the new one was not ready and is not wanted again.
Result<void> back(const Layout &layout, bool refused);
// Forgets a prepared change; the staged tree stays.
Result<void> discard(const Layout &layout);

// Finishes or undoes an exchange piece by piece that was broken off, so that the app starts; what
// else is to be done stays to be done. For the guard: needs no keys, only the lock.
Result<void> makeWhole(const Layout &layout);

enum class Recovery { Nothing, Finished, Undone };
// Finishes or undoes what was broken off, and removes what it left lying about.
Result<Recovery> recover(const Layout &layout, const std::vector<Trust::PublicKey> &keys);

} // namespace Freshen::Install
