// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What a process with more rights than its caller may touch, and how: places that the caller
// cannot change, and a folder of the caller's that is held open and never left.

#pragma once

#include "platform/file.h"

namespace Freshen::Platform {

// UNSAFE_DIR unless the file or folder, and every folder above it, belongs to the administrator
// and nobody else may write there. `path` is absolute and without links.
Result<void> requireProtected(const fs::path &path);
// The same for all that lies in a folder, too.
Result<void> requireProtectedTree(const fs::path &root);
// A regular file in such a place, with one name only.
Result<std::string> readProtectedFile(const fs::path &path, std::size_t limit);

// Of a folder, without following a link at its end.
Result<void> setFolderMode(const fs::path &path, std::uint32_t mode);

// A folder of somebody else's, known by its descriptor alone.
class HeldFolder
{
public:
    explicit HeldFolder(Descriptor fd) : m_fd(std::move(fd)) {}

    // By path, without following a link at its end: for the one whose folder it is.
    static Result<Descriptor> open(const fs::path &path);

    // Opens a regular file below it, with one name only, for reading. No link is followed on the
    // way, and what is reached does not lie outside.
    Result<Descriptor> openFile(const std::string &path) const;
    Result<std::string> readFile(const std::string &path, std::size_t limit) const;

private:
    Descriptor m_fd;
};

} // namespace Freshen::Platform
