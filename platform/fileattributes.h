// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What a file is besides its content, and whether another can take its place.

#pragma once

#include "platform/file.h"

#include <map>

namespace Freshen::Platform {

struct FileAttributes {
    std::uint32_t mode = 0755; // with the set-id bits
    std::uint32_t owner = 0;
    std::uint32_t group = 0;
    // Access control list, capabilities, security label, the user's own attributes: all that does
    // not depend on the content.
    std::map<std::string, std::string> extended;
};

Result<FileAttributes> fileAttributes(const fs::path &path);
// Gives them to a file of this user's own, and waits until they and its content are on the disk.
// Where the owner or the group cannot be set, the file stays this user's; together with set-id
// bits or capabilities that would be another program than before: NEEDS_RIGHTS.
Result<void> applyAttributes(const fs::path &path, const FileAttributes &attributes);
// The same without waiting.
Result<void> setAttributes(const fs::path &path, const FileAttributes &attributes);

struct Owner {
    std::uint32_t user = 0;
    std::uint32_t group = 0;
};
Result<Owner> ownerOf(const fs::path &path);
// Makes it theirs, a link itself too; an administrator alone can do that, for all others it changes
// nothing. A missing one is no error.
Result<void> giveTo(const fs::path &path, const Owner &owner);

// Only waits until the file's content is on the disk.
Result<void> syncFile(const fs::path &path);

// NEEDS_RIGHTS unless this user could put another file in the place of this one, or a new one where
// there is none. Only looks.
Result<void> checkReplaceable(const fs::path &path);

// NEEDS_RIGHTS unless nobody but this user and administrators may change what is in the folder,
// or there is none.
Result<void> checkPrivateFolder(const fs::path &path);

// Whether the open file is the one that stands at the path.
bool standsAt(const Descriptor &file, const fs::path &path);

} // namespace Freshen::Platform
