// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Files of the user inside an app: all that its manifest does not list; without a manifest nothing
// is. They go with the version that stands at the app's path. What cannot, because the version has
// such a path itself, stays with the other one until that is settled, and goes to kept()/VERSION
// then.

#pragma once

#include "updater-helper/install/layout.h"
#include "updater-helper/trust/manifest.h"

#include <optional>

namespace Freshen::Install {

namespace fs = std::filesystem;

// As it stands in a tree, without a look at its signature. Nothing where there is none; what cannot
// be read is an error, for nobody knows then what is the user's.
Result<std::optional<Trust::Manifest>> readManifest(const fs::path &tree);

// Of a folder of theirs, only the folder.
Result<std::vector<std::string>> findUserFiles(const fs::path &tree);
// Notes what findUserFiles() finds in the app, while that still runs …
Result<void> noteUserFiles(const Layout &layout);
// … so that later only folders that changed since have to be looked at again.
Result<std::vector<std::string>> notedUserFiles(const Layout &layout);

// Moves them from one tree to the other, each with one rename. Those that have no place there stay;
// what is done already is passed over, so a broken-off call is simply repeated.
Result<void> carryUserFiles(const fs::path &from, const fs::path &to,
                            const std::vector<std::string> &files);

// Moves what is left of theirs in a tree to kept(), and copies what they changed of its own files
// there. Returns their names. Its own files were as they should be when `intactAt` was written, if
// there is such a file.
Result<std::vector<std::string>> keepUserFiles(const Layout &layout, const fs::path &tree,
                                               const fs::path &intactAt = {});
// Whether a file that is not as the tree's manifest says was kept like that.
bool isKeptEdit(const Layout &layout, const fs::path &tree, const Trust::Manifest &manifest,
                const std::string &path);
// Where what a version left of the user's goes.
fs::path keptFolder(const Layout &layout, const std::string &version);
// What was kept earlier is never overwritten. Returns the name that it got.
Result<fs::path> moveToFreeName(const fs::path &from, const fs::path &wanted);

// Removes a tree whose files of the user were carried away or kept. Without a manifest nobody knows which those are, so then it goes to kept() as a whole. A missing tree is no error.
Result<void> discardTree(const Layout &layout, const fs::path &tree);

} // namespace Freshen::Install
