// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/userfiles.h"

#include "platform/stamp.h"
#include "updater-helper/install/entries.h"
#include "updater-helper/install/record.h"
#include "updater-helper/trust/digest.h"

#include <algorithm>
#include <set>

namespace Freshen::Install {

namespace {

using Platform::EntryType;
using Trust::Manifest;

constexpr std::string_view recordKind = "freshen-user-files 1";

fs::path freeName(const fs::path &wanted)
{
    fs::path name = wanted;
    for (int i = 2; isThere(name); ++i)
        name = wanted.string() + "." + std::to_string(i);
    return name;
}

bool isUserFile(const Manifest &manifest, const std::string &path, EntryType type)
{
    const Trust::ManifestEntry *listed = manifest.find(path);
    if (listed && listed->type == type)
        return false;
    return path != Manifest::fileName && path != Manifest::signatureFileName;
}

// What is moved into them must not be lost because they are.
Result<void> makeLastingFolders(const fs::path &folder)
{
    if (isRealFolder(folder))
        return {};
    auto done = makeLastingFolders(folder.parent_path());
    if (done)
        done = Platform::makeDirectory(folder);
    return done ? Platform::syncDirectory(folder.parent_path()) : done;
}

class Carrier
{
public:
    Carrier(const fs::path &from, const fs::path &to)
        : m_from(from)
        , m_to(to)
    {
    }

    Result<void> carry(const std::string &path) const
    {
        if (!isThere(m_from / path))
            return {};
        if (!isThere(m_to / path))
            return hasPlaceFor(path) ? move(path) : Result<void>();
        return isRealFolder(m_from / path) && isRealFolder(m_to / path) ? merge(path)
                                                                        : Result<void>();
    }

private:
    // Where a folder became a file or a link, what was in it has no place any more.
    bool hasPlaceFor(const fs::path &path) const
    {
        for (fs::path folder = path.parent_path(); !folder.empty(); folder = folder.parent_path()) {
            if (isThere(m_to / folder))
                return isRealFolder(m_to / folder);
        }
        return true;
    }

    Result<void> move(const fs::path &path) const
    {
        const fs::path target = m_to / path;
        if (auto made = makeLastingFolders(target.parent_path()); !made)
            return made;
        return Platform::rename(m_from / path, target);
    }

    // The other version ships a folder of this name: what is in the user's goes into it. The empty
    // one goes, too: a tree that is to return has to be as it was signed.
    Result<void> merge(const std::string &path) const
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
        Platform::removeEmptyFolder(m_from / path);
        return {};
    }

    const fs::path &m_from;
    const fs::path &m_to;
};

// Those that lie in the folders themselves.
Result<std::vector<std::string>> findUserFilesIn(const fs::path &tree,
                                                 const std::set<std::string> &folders)
{
    std::vector<std::string> found;
    if (folders.empty())
        return found;
    const auto manifest = readManifest(tree);
    if (!manifest)
        return failure(manifest);
    if (!*manifest)
        return found;
    for (const std::string &folder : folders) {
        if (!isRealFolder(tree / folder))
            continue;
        const std::string prefix = folder.empty() ? folder : folder + "/";
        const auto visited = Platform::visitTree(
            tree / folder, [&](const std::string &name, EntryType type) {
                if (isUserFile(**manifest, prefix + name, type))
                    found.push_back(prefix + name);
                return false;
            });
        if (!visited)
            return failure(visited);
    }
    return found;
}

// Whether the file was kept under the wanted name or one of those that follow it; `free` is then
// the first that nothing has.
bool isKept(const fs::path &file, const fs::path &wanted, fs::path &free)
{
    const auto hash = Trust::sha256OfFile(file);
    free = wanted;
    for (int i = 2; isThere(free); ++i) {
        if (const auto kept = Trust::sha256OfFile(free); hash && kept && *kept == *hash)
            return true;
        free = wanted.string() + "." + std::to_string(i);
    }
    return false;
}

// Copies a file that the user changed; the tree may return, with the change in it.
Result<void> keepEdit(const fs::path &file, const fs::path &wanted)
{
    fs::path name;
    if (isKept(file, wanted, name))
        return {};
    // One that is half copied must not look like one that was kept.
    const fs::path part = name.string() + ".part";
    auto done = Platform::makeDirectories(name.parent_path());
    if (done)
        done = Platform::removeFile(part);
    if (done)
        done = Platform::copyFile(file, part, 0644);
    return done ? Platform::rename(part, name) : done;
}

bool isEdited(const fs::path &file, const Trust::ManifestEntry &listed, const fs::path &intactAt)
{
    const auto there = Platform::entryAt(file, {});
    if (listed.type != EntryType::File || !there || there->type != EntryType::File
        || !Platform::mayHaveChangedSince(file, intactAt))
        return false;
    if (there->size != listed.size)
        return true;
    // Rather kept once more than lost.
    const auto hash = Trust::sha256OfFile(file);
    return !hash || *hash != listed.sha256;
}

} // namespace

Result<std::optional<Manifest>> readManifest(const fs::path &tree)
{
    const auto entry = Platform::entryAt(tree / Manifest::fileName, {});
    if (!entry || entry->type != EntryType::File || entry->size > Manifest::maximumSize)
        return std::optional<Manifest>();
    const auto text = Platform::readFile(tree / Manifest::fileName, Manifest::maximumSize);
    if (!text)
        return failure(text);
    auto manifest = Manifest::parse(*text);
    return manifest ? std::optional(std::move(*manifest)) : std::nullopt;
}

Result<std::vector<std::string>> findUserFiles(const fs::path &tree)
{
    std::vector<std::string> found;
    const auto manifest = readManifest(tree);
    if (!manifest)
        return failure(manifest);
    if (!*manifest)
        return found;
    const auto visited = Platform::visitTree(tree, [&](const std::string &path, EntryType type) {
        if (!isUserFile(**manifest, path, type))
            return true;
        found.push_back(path);
        return false;
    });
    return visited ? Result<std::vector<std::string>>(std::move(found)) : failure(visited);
}

Result<void> noteUserFiles(const Layout &layout)
{
    Record record{std::string(recordKind)};
    const auto manifest = readManifest(layout.app());
    const auto addFolder = [&](const std::string &path) {
        record.add("folder", Platform::stampOf(layout.app() / path) + " " + path);
    };
    if (!manifest)
        return failure(manifest);
    if (!*manifest)
        return record.write(layout.userFiles());
    // Before a look into the folder, so that nothing comes in between.
    addFolder({});
    const auto visited = Platform::visitTree(
        layout.app(), [&](const std::string &path, EntryType type) {
            const bool isTheirs = isUserFile(**manifest, path, type);
            if (isTheirs)
                record.add("file", path);
            else if (type == EntryType::Directory)
                addFolder(path);
            return !isTheirs;
        });
    return visited ? record.write(layout.userFiles()) : visited;
}

Result<std::vector<std::string>> notedUserFiles(const Layout &layout)
{
    const auto record = Record::read(layout.userFiles(), recordKind);
    if (!record)
        return findUserFiles(layout.app());
    std::set<std::string> changed;
    for (const std::string &line : record->values("folder")) {
        const std::size_t space = line.find(' ');
        const std::string stamp = line.substr(0, space);
        const std::string path = line.substr(space + 1);
        if (stamp.empty() || stamp != Platform::stampOf(layout.app() / path))
            changed.insert(path);
    }
    std::vector<std::string> found;
    for (const std::string &path : record->values("file")) {
        if (!changed.contains(fs::path(path).parent_path().string()))
            found.push_back(path);
    }
    const auto again = findUserFilesIn(layout.app(), changed);
    if (!again)
        return again;
    found.insert(found.end(), again->begin(), again->end());
    return found;
}

Result<void> carryUserFiles(const fs::path &from, const fs::path &to,
                            const std::vector<std::string> &files)
{
    const Carrier carrier(from, to);
    for (const std::string &path : files) {
        if (auto carried = carrier.carry(path); !carried)
            return carried;
    }
    return {};
}

// A version is no name of a file by itself.
fs::path keptFolder(const Layout &layout, const std::string &version)
{
    std::string name = version;
    std::replace(name.begin(), name.end(), '/', '_');
    return layout.kept() / (name.starts_with('.') ? "_" + name : name);
}

Result<fs::path> moveToFreeName(const fs::path &from, const fs::path &wanted)
{
    fs::path name = freeName(wanted);
    auto done = makeLastingFolders(name.parent_path());
    if (done)
        done = Platform::rename(from, name);
    return done ? Result<fs::path>(std::move(name)) : failure(done);
}

Result<std::vector<std::string>> keepUserFiles(const Layout &layout, const fs::path &tree,
                                               const fs::path &intactAt)
{
    std::vector<std::string> kept;
    const auto manifest = readManifest(tree);
    if (!manifest)
        return failure(manifest);
    if (!*manifest)
        return kept;
    const fs::path folder = keptFolder(layout, (*manifest)->version);
    const auto left = findUserFiles(tree);
    if (!left)
        return failure(left);
    for (const std::string &path : *left) {
        const auto moved = moveToFreeName(tree / path, folder / path);
        if (!moved)
            return failure(moved);
        kept.push_back(path);
    }
    for (const Trust::ManifestEntry &entry : (*manifest)->entries) {
        if (!isEdited(tree / entry.path, entry, intactAt))
            continue;
        if (auto copied = keepEdit(tree / entry.path, folder / entry.path); !copied)
            return failure(copied);
        kept.push_back(entry.path);
    }
    return kept;
}

bool isKeptEdit(const Layout &layout, const fs::path &tree, const Manifest &manifest,
                const std::string &path)
{
    fs::path free;
    return isKept(tree / path, keptFolder(layout, manifest.version) / path, free);
}

Result<void> discardTree(const Layout &layout, const fs::path &tree)
{
    if (!isThere(tree))
        return {};
    const auto manifest = readManifest(tree);
    if (!manifest)
        return failure(manifest);
    if (*manifest) {
        // One that is half removed must not look like one without a manifest.
        if (auto removed = Platform::removeTree(layout.staging()); !removed)
            return removed;
        if (auto renamed = Platform::rename(tree, layout.staging()); !renamed)
            return renamed;
        return Platform::removeTree(layout.staging());
    }
    const auto moved = moveToFreeName(tree, layout.kept() / "without-manifest");
    return moved ? Result<void>() : failure(moved);
}

} // namespace Freshen::Install
