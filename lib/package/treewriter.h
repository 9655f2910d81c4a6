// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/package/packagearchive.h"

namespace Freshen {

// Writes what an archive holds into a new folder. First the folders, then the files, the links
// last: so nothing is ever written through one.
class TreeWriter
{
public:
    using Entries = std::vector<Trust::ManifestEntry>; // parents before their children

    // `written` counts the bytes of all files.
    TreeWriter(PackageArchive &archive, std::filesystem::path root, quint64 &written);

    Result<void> makeFolders(const Entries &entries);
    // The SHA-256 of what was written, in lower-case hexadecimal.
    Result<std::string> writeFile(const ArchiveEntry &file, const Trust::ManifestEntry &listed);
    Result<void> makeLinks(const Entries &entries);
    // Comes last of all, for a folder may be closed to writing.
    Result<void> setFolderModes(const Entries &entries);

private:
    PackageArchive &m_archive;
    const std::filesystem::path m_root;
    quint64 &m_written;
};

// A new file that anybody may read.
Result<void> writeNewFile(const std::filesystem::path &path, std::string_view text);

} // namespace Freshen
