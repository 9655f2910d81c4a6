// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What an archive holds, as its raw headers say it and before anything repairs them.

#pragma once

#include "updater-helper/trust/manifest.h"
#include "updater-helper/trust/nametwins.h"

#include <QtGlobal>

#include <unordered_set>

namespace Freshen {

struct ArchiveEntry {
    Platform::EntryType type = Platform::EntryType::File;
    std::string path; // without a '/' at its end
    quint64 size = 0; // of files
    std::string target; // of links
};

class ArchiveListing
{
public:
    // `os` is the system the package is for; its rules for names hold, besides those of all.
    // `mayBeginWithDot`: "." itself is passed over, and "./" at the beginning of a name.
    explicit ArchiveListing(std::string os, bool mayBeginWithDot = false)
        : m_os(std::move(os))
        , m_twins(m_os)
        , m_mayBeginWithDot(mayBeginWithDot)
    {
    }

    // ARCHIVE_NAME for a name or link that is not allowed, or a name or its twin that was there
    // before; ARCHIVE for more entries than any manifest may list.
    Result<void> add(ArchiveEntry entry);
    // In the order of the archive.
    const std::vector<ArchiveEntry> &entries() const { return m_entries; }

    // MANIFEST unless the archive has exactly what the manifest lists, and the manifest and its
    // signature with these sizes; of 0, it has no signature.
    Result<void> requireEntriesOf(const Trust::Manifest &manifest, quint64 manifestSize,
                                  quint64 signatureSize) const;

private:
    std::string m_os;
    Trust::NameTwins m_twins;
    bool m_mayBeginWithDot;
    std::vector<ArchiveEntry> m_entries;
    std::unordered_set<std::string> m_paths;
};

// ARCHIVE_NAME for an entry of a kind that no package may have: "a hard link".
tl::unexpected<Error> forbiddenKind(std::string_view kind, std::string_view path);

} // namespace Freshen
