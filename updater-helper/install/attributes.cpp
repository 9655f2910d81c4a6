// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/attributes.h"

#include "platform/fileattributes.h"
#include "platform/safefolder.h"

namespace Freshen::Install {

namespace {

namespace fs = std::filesystem;
using Platform::FileAttributes;
using Platform::Owner;

bool isFile(const fs::path &path)
{
    const auto entry = Platform::entryAt(path, {});
    return entry && entry->type == Platform::EntryType::File;
}

Result<void> adoptFrom(const fs::path &installed, const fs::path &staged, std::uint32_t mode)
{
    auto attributes = Platform::fileAttributes(installed);
    const auto own = Platform::fileAttributes(staged);
    if (!attributes || !own)
        return failure(attributes ? own : attributes);
    attributes->mode = mode;
    const bool isAlike = attributes->owner == own->owner && attributes->group == own->group
        && attributes->extended == own->extended;
    return isAlike ? Result<void>() : Platform::setAttributes(staged, *attributes);
}

} // namespace

Result<void> adoptAttributes(const Layout &layout, const fs::path &tree,
                             const Trust::Manifest &manifest)
{
    const auto owner = Platform::ownerOf(layout.app());
    if (!owner)
        return failure(owner);
    for (const Trust::ManifestEntry &entry : manifest.entries) {
        const fs::path staged = tree / entry.path;
        const fs::path installed = layout.place(entry.path);
        const bool hasModel = isFile(installed) && isFile(staged);
        if (auto done = hasModel ? adoptFrom(installed, staged, entry.mode)
                                 : Platform::giveTo(staged, *owner);
            !done)
            return done;
    }
    for (const std::string_view name :
         {Trust::Manifest::fileName, Trust::Manifest::signatureFileName}) {
        if (auto done = Platform::giveTo(tree / name, *owner); !done)
            return done;
    }
    if (auto given = Platform::giveTo(tree, *owner); !given)
        return given;
    const auto folder = Platform::entryAt(layout.app(), {});
    return layout.isSingleFile() || !folder ? Result<void>()
                                            : Platform::setFolderMode(tree, folder->mode);
}

} // namespace Freshen::Install
