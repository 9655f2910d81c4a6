// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/package/treewriter.h"

#include "platform/safefolder.h"
#include "updater-helper/trust/digest.h"

namespace Freshen {

using Platform::EntryType;
using Trust::ManifestEntry;

namespace fs = std::filesystem;

TreeWriter::TreeWriter(PackageArchive &archive, fs::path root, quint64 &written)
    : m_archive(archive)
    , m_root(std::move(root))
    , m_written(written)
{
}

Result<void> TreeWriter::makeFolders(const Entries &entries)
{
    for (const ManifestEntry &entry : entries) {
        if (entry.type != EntryType::Directory)
            continue;
        if (auto made = Platform::makeDirectory(m_root / entry.path, 0700); !made)
            return made;
    }
    return {};
}

Result<std::string> TreeWriter::writeFile(const ArchiveEntry &entry, const ManifestEntry &listed)
{
    auto file = Platform::NewFile::create(m_root / listed.path);
    if (!file)
        return failure(file);
    Trust::Digest digest(Trust::Digest::Kind::Sha256);
    const auto copied = m_archive.read(entry, [&](Platform::Bytes bytes) {
        digest.add(bytes);
        m_written += bytes.size();
        return file->write(bytes);
    });
    if (!copied)
        return failure(copied);
    if (auto finished = file->finish(listed.mode); !finished)
        return failure(finished);
    return digest.hexResult();
}

Result<void> TreeWriter::makeLinks(const Entries &entries)
{
    for (const ManifestEntry &entry : entries) {
        if (entry.type != EntryType::Link)
            continue;
        if (auto made = Platform::makeLink(entry.target, m_root / entry.path); !made)
            return made;
    }
    return {};
}

// The deepest folders first.
Result<void> TreeWriter::setFolderModes(const Entries &entries)
{
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
        if (entry->type != EntryType::Directory)
            continue;
        if (auto set = Platform::setFolderMode(m_root / entry->path, entry->mode); !set)
            return set;
    }
    return {};
}

Result<void> writeNewFile(const fs::path &path, std::string_view text)
{
    auto file = Platform::NewFile::create(path);
    if (!file)
        return failure(file);
    const auto *data = reinterpret_cast<const std::uint8_t *>(text.data());
    if (auto written = file->write({data, text.size()}); !written)
        return written;
    return file->finish(0644);
}

} // namespace Freshen
