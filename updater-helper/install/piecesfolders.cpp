// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/pieces.h"

#include "platform/safefolder.h"
#include "updater-helper/install/entries.h"
#include "updater-helper/install/userfiles.h"

namespace Freshen::Install {

// Entries can only be moved in folders that may be written.
Result<void> Pieces::open(const fs::path &root, const Folders &folders) const
{
    for (const auto &[path, mode] : folders) {
        if ((mode & 0200) || !isRealFolder(root / path))
            continue;
        if (auto set = Platform::setFolderMode(root / path, mode | 0700); !set)
            return set;
    }
    return {};
}

// Afterwards the folders stand that are wanted. One that the user put something into stays besides.
Result<void> Pieces::fit(const fs::path &root, const Folders &wanted, const Folders &others) const
{
    if (m_layout->isSingleFile())
        return {};
    for (auto folder = others.rbegin(); folder != others.rend(); ++folder) {
        if (!wanted.contains(folder->first))
            Platform::removeEmptyFolder(root / folder->first);
    }
    bool hasNew = false;
    for (const auto &[path, mode] : wanted) {
        if (isRealFolder(root / path))
            continue;
        if (auto made = Platform::makeDirectory(root / path, 0700); !made)
            return made;
        hasNew = true;
    }
    // What is moved into them must not be lost because they are.
    const auto done = hasNew ? sync() : Result<void>();
    return done ? open(root, wanted) : done;
}

Result<void> Pieces::close(const fs::path &root, const Folders &folders) const
{
    for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {
        const auto entry = Platform::entryAt(root / folder->first, {});
        if (!entry || entry->type != Platform::EntryType::Directory
            || entry->mode == folder->second)
            continue;
        if (auto set = Platform::setFolderMode(root / folder->first, folder->second); !set)
            return set;
    }
    return {};
}

// The executable makes the version a whole one, so all else is as it has to be before it, also
// after a power cut.
Result<void> Pieces::closeForLast(const Folders &folders) const
{
    if (auto closed = close(m_layout->app(), folders); !closed)
        return closed;
    Folders last;
    for (const std::string &path : {m_oldExecutable, m_newExecutable}) {
        const std::string parent = fs::path(path).parent_path().string();
        if (const auto folder = folders.find(parent); folder != folders.end())
            last.insert(*folder);
    }
    auto done = open(m_layout->app(), last);
    return done ? sync() : done;
}

// What stands where an old piece returns to was made while the new version stood there.
Result<void> Pieces::clearTheWay(const std::string &path) const
{
    const fs::path place = m_layout->place(path);
    if (!isThere(place))
        return {};
    if (isGuard(place))
        return Platform::removeFile(place);
    const auto moved = moveToFreeName(place, m_layout->kept() / "in-the-way" / path);
    return moved ? Result<void>() : failure(moved);
}

// Everything is below one folder, the app's parent.
Result<void> Pieces::sync() const
{
    return Platform::syncFileSystem(m_layout->folder());
}

} // namespace Freshen::Install
