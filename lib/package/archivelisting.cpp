// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/package/archivelisting.h"

#include "updater-helper/trust/namepolicy.h"
#include "updater-helper/trust/text.h"

namespace Freshen {

using Platform::EntryType;
using Trust::Manifest;

namespace {

// Besides what the manifest lists, itself and its signature.
constexpr std::size_t maximumEntries = Manifest::maximumEntries + 2;

std::string inQuotes(std::string_view path)
{
    return '"' + Trust::escaped(path) + '"';
}

tl::unexpected<Error> refusedName(std::string_view path, std::string_view objection)
{
    return failure(ErrorCode::ARCHIVE_NAME,
                   "The package is refused because its entry " + inQuotes(path) + " "
                       + std::string(objection) + ".");
}

bool isAsListed(const ArchiveEntry &entry, const Trust::ManifestEntry &listed)
{
    if (entry.type != listed.type)
        return false;
    return entry.type == EntryType::Link ? entry.target == listed.target
                                         : entry.size == listed.size;
}

} // namespace

tl::unexpected<Error> forbiddenKind(std::string_view kind, std::string_view path)
{
    return refusedName(path, "is " + std::string(kind));
}

Result<void> ArchiveListing::add(ArchiveEntry entry)
{
    if (m_mayBeginWithDot && entry.path == "." && entry.type == EntryType::Directory)
        return {};
    if (m_mayBeginWithDot && entry.path.starts_with("./"))
        entry.path.erase(0, 2);
    if (m_entries.size() >= maximumEntries)
        return failure(ErrorCode::ARCHIVE, "The package has more than 200000 entries.");
    if (const auto objection = Trust::objectionToPath(entry.path, m_os))
        return refusedName(entry.path, *objection);
    if (entry.type == EntryType::Link) {
        if (const auto objection = Trust::objectionToLink(entry.path, entry.target, m_os))
            return refusedName(entry.path, "is a link whose target " + *objection);
    }
    if (!m_paths.insert(entry.path).second)
        return refusedName(entry.path, "is there twice");
    if (const auto objection = m_twins.add(entry.path))
        return refusedName(entry.path, *objection);
    m_entries.push_back(std::move(entry));
    return {};
}

Result<void> ArchiveListing::requireEntriesOf(const Manifest &manifest, quint64 manifestSize,
                                              quint64 signatureSize) const
{
    std::vector<Trust::ManifestEntry> own(signatureSize > 0 ? 2 : 1);
    own[0].path = Manifest::fileName;
    own[0].size = manifestSize;
    if (signatureSize > 0) {
        own[1].path = Manifest::signatureFileName;
        own[1].size = signatureSize;
    }
    for (const ArchiveEntry &entry : m_entries) {
        const Trust::ManifestEntry *listed = manifest.find(entry.path);
        for (const Trust::ManifestEntry &candidate : own)
            listed = candidate.path == entry.path ? &candidate : listed;
        if (!listed)
            return failure(ErrorCode::MANIFEST,
                           "The package has an entry " + inQuotes(entry.path)
                               + " that its signed manifest does not list.");
        if (!isAsListed(entry, *listed))
            return failure(ErrorCode::MANIFEST,
                           "The entry " + inQuotes(entry.path)
                               + " of the package is not what the signed manifest says.");
    }
    own.insert(own.end(), manifest.entries.begin(), manifest.entries.end());
    for (const Trust::ManifestEntry &listed : own) {
        if (!m_paths.contains(listed.path))
            return failure(ErrorCode::MANIFEST,
                           "The package lacks " + inQuotes(listed.path)
                               + ", which its signed manifest lists.");
    }
    return {};
}

} // namespace Freshen
