// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/package/plainpackagereader.h"

#include "lib/common/convert.h"
#include "lib/package/treewriter.h"
#include "updater-helper/trust/text.h"

#include <map>

namespace Freshen {

using Platform::EntryType;
using Trust::ManifestEntry;

namespace {

// The folder, with its '/', that everything lies in; empty when nothing is to be taken off.
std::string folderAround(const ArchiveListing &listing, const std::string &executable)
{
    std::string folder;
    for (const ArchiveEntry &entry : listing.entries()) {
        const std::string first = entry.path.substr(0, entry.path.find('/')) + '/';
        const bool isBeside = first.size() > entry.path.size()
            && entry.type != EntryType::Directory;
        if (entry.path == executable || isBeside || (!folder.empty() && first != folder))
            return {};
        folder = first;
    }
    return folder;
}

class Unpacking
{
public:
    Unpacking(const PlainPackage &package, PackageArchive &archive,
              const std::filesystem::path &root, quint64 &written)
        : m_package(package)
        , m_archive(archive)
        , m_folder(folderAround(archive.listing(), package.executable))
        , m_tree(archive, root, written)
    {
    }

    Result<TreeWriter::Entries> run()
    {
        if (auto planned = plan(); !planned)
            return failure(planned);
        if (auto fits = checkSize(); !fits)
            return failure(fits);
        if (auto written = write(); !written)
            return failure(written);
        return sorted();
    }

private:
    std::string pathInTree(const ArchiveEntry &entry) const
    {
        return entry.path.substr(std::min(m_folder.size(), entry.path.size()));
    }

    bool isFolderAround(const ArchiveEntry &entry) const
    {
        return !m_folder.empty() && entry.path.size() < m_folder.size();
    }

    // Links are judged again: they may lead out of the folder that is taken off.
    Result<void> plan()
    {
        ArchiveListing listing(m_package.os);
        for (ArchiveEntry entry : m_archive.listing().entries()) {
            if (isFolderAround(entry))
                continue;
            const bool isExecutable = entry.type != EntryType::File
                || m_archive.isExecutable(entry);
            entry.path = pathInTree(entry);
            addFoldersAbove(entry.path);
            m_entries[entry.path] = {
                entry.type, isExecutable ? 0755u : 0644u, entry.size, {}, entry.path, entry.target};
            if (auto added = listing.add(std::move(entry)); !added)
                return added;
        }
        return checkFolders();
    }

    // Archives need not list them.
    void addFoldersAbove(const std::string &path)
    {
        for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1)) {
            const std::string folder = path.substr(0, slash);
            m_entries.try_emplace(folder,
                                  ManifestEntry{EntryType::Directory, 0755, 0, {}, folder, {}});
        }
    }

    Result<void> checkFolders() const
    {
        for (const auto &[path, entry] : m_entries) {
            const auto slash = path.rfind('/');
            if (slash != path.npos
                && m_entries.at(path.substr(0, slash)).type != EntryType::Directory)
                return forbiddenKind("inside of something that is no folder", path);
        }
        return {};
    }

    Result<void> checkSize() const
    {
        quint64 size = 0;
        for (const auto &[path, entry] : m_entries) {
            if (entry.size > m_package.maximumSize - size)
                return failure(ErrorCode::SIZE,
                               QStringLiteral("The package unpacks to more than %1 bytes, which is "
                                              "not accepted.")
                                   .arg(m_package.maximumSize));
            size += entry.size;
        }
        return m_package.checkRoom ? m_package.checkRoom(size) : Result<void>();
    }

    Result<void> write()
    {
        auto done = m_tree.makeFolders(sorted());
        for (const ArchiveEntry &file : m_archive.listing().entries()) {
            if (!done)
                return done;
            if (file.type == EntryType::File)
                done = writeFile(file);
        }
        if (done)
            done = m_tree.makeLinks(sorted());
        return done ? m_tree.setFolderModes(sorted()) : done;
    }

    Result<void> writeFile(const ArchiveEntry &file)
    {
        ManifestEntry &entry = m_entries.at(pathInTree(file));
        auto sha256 = m_tree.writeFile(file, entry);
        if (!sha256)
            return failure(sha256);
        entry.sha256 = std::move(*sha256);
        return {};
    }

    TreeWriter::Entries sorted() const
    {
        TreeWriter::Entries entries;
        for (const auto &[path, entry] : m_entries)
            entries.push_back(entry);
        return entries;
    }

    const PlainPackage &m_package;
    PackageArchive &m_archive;
    const std::string m_folder;
    TreeWriter m_tree;
    std::map<std::string, ManifestEntry> m_entries; // by path in the tree
};

} // namespace

Result<std::vector<ManifestEntry>> unpackPlainPackage(const PlainPackage &package,
                                                      const QString &folder)
{
    quint64 written = 0;
    PackageArchive::Limits limits;
    limits.os = package.os;
    limits.unpackedSize = TarDevice::limitFor(package.maximumSize, Trust::Manifest::maximumEntries);
    limits.keepGoing = [&] { return !package.progress || package.progress(written); };
    limits.mayBeginWithDot = true;
    auto archive = PackageArchive::open(package.file, limits);
    if (!archive)
        return failure(archive);
    const std::filesystem::path root = toPath(folder);
    if (auto made = Platform::makeDirectory(root); !made)
        return failure(made);
    auto entries = Unpacking(package, *archive, root, written).run();
    if (entries)
        return entries;
    (void)Platform::removeTree(root);
    // The system's errors name files as the archive does.
    return failure(entries.error().code, Trust::escaped(entries.error().message));
}

} // namespace Freshen
