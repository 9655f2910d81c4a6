// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "updater-helper/trust/manifest.h"

#include <atomic>

namespace Freshen::Trust {

enum class Problem { Missing, Kind, Mode, Size, Content, Unknown };
// "missing", "kind", "mode", "size", "content", "unknown".
std::string_view problemName(Problem problem);

struct Difference {
    std::string path;
    Problem problem = Problem::Missing;
};

enum class UnknownFiles { AreDifferences, BelongToTheUser };

// Called with the bytes compared so far; returns false to stop (CANCELLED).
using Progress = std::function<bool(std::uint64_t bytes)>;

// Compares a tree with its manifest, file by file.
Result<std::vector<Difference>> compareTree(const std::filesystem::path &tree,
                                            const Manifest &manifest, UnknownFiles unknown,
                                            const Progress &progress = {});

// The same for entries that were found already; `placeOf` tells where the file of that name lies.
using PlaceOf = std::function<std::filesystem::path(const std::string &path)>;
Result<std::vector<Difference>> compareEntries(const std::vector<Platform::TreeEntry> &present,
                                               const PlaceOf &placeOf, const Manifest &manifest,
                                               UnknownFiles unknown, const Progress &progress = {});

// MANIFEST, with the first difference named, unless there is none.
Result<void> requireNone(const std::vector<Difference> &differences);
// MANIFEST unless tree and manifest agree in everything.
Result<void> requireTree(const std::filesystem::path &tree, const Manifest &manifest,
                         const Progress &progress = {});

} // namespace Freshen::Trust
