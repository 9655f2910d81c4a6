// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/installed.h"

#include "updater-helper/trust/text.h"

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

Result<Trust::TreeManifest> installedRelease(const Layout &layout,
                                             const std::vector<Trust::PublicKey> &keys)
{
    return readRelease(layout, layout.descriptionFolder(), keys);
}

Result<std::filesystem::path> installedProgram(const Layout &layout,
                                               const std::vector<Trust::PublicKey> &keys)
{
    if (layout.isSingleFile())
        return layout.app();
    const auto release = installedRelease(layout, keys);
    if (!release)
        return failure(release);
    return layout.app() / release->manifest.executable;
}

Result<void> checkForm(const Layout &layout, const Trust::Manifest &release)
{
    if (!layout.isSingleFile())
        return {};
    // The executable is one of its files, as every manifest's is.
    for (const Trust::ManifestEntry &entry : release.entries) {
        if (entry.path == release.executable || layout.place(entry.path) != layout.app())
            continue;
        return failure(ErrorCode::MANIFEST,
                       "The release of version " + Trust::escaped(release.version) + " holds \""
                           + Trust::escaped(entry.path) + "\", but " + layout.app().string()
                           + " is a single file and can be replaced by one file only. Nothing was "
                             "changed; tell the publisher.");
    }
    return {};
}

} // namespace Freshen::Install
