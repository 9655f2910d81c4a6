// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "updater-helper/install/layout.h"

namespace Freshen::Install {

// Moves the files of the user from a tree that leaves the app's path to the one that took its
// place. Theirs are all that the leaving tree's manifest does not list; without a manifest nothing
// is. Where the new tree has such a path itself, the user's file goes to kept()/VERSION. Each move
// is one rename and what is done already is passed over, so a broken-off call is simply repeated.
// Returns how many entries were moved.
Result<std::size_t> carryUserFiles(const Layout &layout, const std::filesystem::path &from,
                                   const std::filesystem::path &to);

// Removes a tree whose files of the user were carried away. Without a readable manifest nobody knows
// which those are, so then it goes to kept() as a whole. A missing tree is no error.
Result<void> discardTree(const Layout &layout, const std::filesystem::path &tree);

} // namespace Freshen::Install
