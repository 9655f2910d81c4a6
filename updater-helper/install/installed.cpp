// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/installed.h"

namespace Freshen::Install {

namespace {

// Beside a single file nothing is the release's but what it lists.
std::vector<Platform::TreeEntry> entriesAround(const Layout &layout,
                                               const Trust::Manifest &manifest)
{
    std::vector<Platform::TreeEntry> entries;
    for (const Trust::ManifestEntry &listed : manifest.entries) {
        if (auto entry = Platform::entryAt(layout.place(listed.path), listed.path))
            entries.push_back(std::move(*entry));
    }
    return entries;
}

} // namespace

Result<std::vector<Trust::Difference>> compareInstalled(const Layout &layout,
                                                        const Trust::Manifest &manifest,
                                                        Trust::UnknownFiles unknown,
                                                        const Trust::Progress &progress)
{
    if (!layout.isSingleFile())
        return Trust::compareTree(layout.app(), manifest, unknown, progress);
    const auto placeOf = [&](const std::string &path) { return layout.place(path); };
    return Trust::compareEntries(entriesAround(layout, manifest), placeOf, manifest, unknown,
                                 progress);
}

} // namespace Freshen::Install
