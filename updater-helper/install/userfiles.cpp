// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/userfiles.h"

#include "platform/tree.h"
#include "updater-helper/trust/manifest.h"

namespace Freshen::Install {

namespace {

namespace fs = std::filesystem;
using Platform::EntryType;

bool isThere(const fs::path &path)
{
    return !Platform::identityOf(path).empty();
}

bool isRealDirectory(const fs::path &path)
{
    std::error_code error;
    return fs::symlink_status(path, error).type() == fs::file_type::directory;
}

// A free name: what was kept earlier is never overwritten.
fs::path freeName(const fs::path &wanted)
{
    fs::path name = wanted;
    for (int i = 2; isThere(name); ++i)
        name = wanted.string() + "." + std::to_string(i);
    return name;
}

Result<Trust::Manifest> readManifest(const fs::path &tree)
{
    const auto text = Platform::readFile(tree / Trust::Manifest::fileName,
                                         Trust::Manifest::maximumSize);
    return text ? Trust::Manifest::parse(*text) : Result<Trust::Manifest>(failure(text));
}

// The entries that are the user's, also where they took the place of a shipped file or folder; of a
// folder of theirs, only the folder.
Result<std::vector<std::string>> findUserFiles(const fs::path &tree,
                                               const Trust::Manifest &manifest)
{
    std::vector<std::string> found;
    const auto visited = Platform::visitTree(tree, [&](const std::string &path, EntryType type) {
        const Trust::ManifestEntry *listed = manifest.find(path);
        if (listed && listed->type == type)
            return true;
        if (path != Trust::Manifest::fileName && path != Trust::Manifest::signatureFileName)
            found.push_back(path);
        return false;
    });
    if (!visited)
        return failure(visited);
    return found;
}

class Carrier
{
public:
    Carrier(const fs::path &from, const fs::path &to, fs::path kept)
        : m_from(from)
        , m_to(to)
        , m_kept(std::move(kept))
    {
    }

    Result<void> carry(const std::string &path)
    {
        if (!isThere(m_to / path) && hasPlaceFor(path))
            return move(path, m_to / path);
        if (isRealDirectory(m_from / path) && isRealDirectory(m_to / path))
            return merge(path);
        return move(path, freeName(m_kept / path));
    }

    std::size_t moved() const { return m_moved; }

private:
    // Where a folder became a file or a link, what was in it has no place any more.
    bool hasPlaceFor(const fs::path &path) const
    {
        for (fs::path folder = path.parent_path(); !folder.empty(); folder = folder.parent_path()) {
            if (isThere(m_to / folder))
                return isRealDirectory(m_to / folder);
        }
        return true;
    }

    Result<void> move(const std::string &path, const fs::path &target)
    {
        if (auto made = Platform::makeDirectories(target.parent_path()); !made)
            return made;
        ++m_moved;
        return Platform::rename(m_from / path, target);
    }

    // The new version ships a folder of this name: what is in the user's goes into it. The empty
    // one goes, too: a tree that is to return has to be as it was signed.
    Result<void> merge(const std::string &path)
    {
        std::vector<std::string> names;
        const auto visited = Platform::visitTree(m_from / path,
                                                 [&](const std::string &name, EntryType) {
                                                     names.push_back(name);
                                                     return false;
                                                 });
        if (!visited)
            return visited;
        for (const std::string &name : names) {
            if (auto carried = carry(path + "/" + name); !carried)
                return carried;
        }
        return Platform::removeTree(m_from / path);
    }

    const fs::path &m_from;
    const fs::path &m_to;
    fs::path m_kept;
    std::size_t m_moved = 0;
};

} // namespace

Result<std::size_t> carryUserFiles(const Layout &layout, const fs::path &from, const fs::path &to)
{
    const auto manifest = readManifest(from);
    if (!manifest)
        return std::size_t(0);
    const auto files = findUserFiles(from, *manifest);
    if (!files)
        return failure(files);
    Carrier carrier(from, to, layout.kept() / manifest->version);
    for (const std::string &path : *files) {
        if (auto carried = carrier.carry(path); !carried)
            return failure(carried);
    }
    if (carrier.moved() > 0) {
        if (auto synced = Platform::syncFileSystem(to); !synced)
            return failure(synced);
    }
    return carrier.moved();
}

Result<void> discardTree(const Layout &layout, const fs::path &tree)
{
    if (!isThere(tree))
        return {};
    if (readManifest(tree)) {
        // One that is half removed must not look like one without a manifest.
        if (auto removed = Platform::removeTree(layout.staging()); !removed)
            return removed;
        if (auto renamed = Platform::rename(tree, layout.staging()); !renamed)
            return renamed;
        return Platform::removeTree(layout.staging());
    }
    if (auto made = Platform::makeDirectories(layout.kept()); !made)
        return made;
    return Platform::rename(tree, freeName(layout.kept() / "without-manifest"));
}

} // namespace Freshen::Install
