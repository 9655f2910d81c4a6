// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Whole folders, walked through held descriptors: no link is followed, no mount point crossed.

#pragma once

#include "platform/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace Freshen::Platform {

enum class EntryType { File, Directory, Link, Other };

struct TreeEntry {
    std::string path; // relative to the root, '/' between parts
    EntryType type = EntryType::Other;
    std::uint32_t mode = 0; // permission bits
    std::uint64_t size = 0; // of files
    std::string target; // of links
};

// Everything below `root`, sorted by path in byte order; the root itself is left out.
Result<std::vector<TreeEntry>> listTree(const std::filesystem::path &root);

// What stands at a path, under the name `path`; nothing that is missing.
std::optional<TreeEntry> entryAt(const std::filesystem::path &place, const std::string &path);

// The paths and types alone, without a look at each file. `visit` gets the path relative to the
// root and returns whether to go into that folder.
using TreeVisitor = std::function<bool(const std::string &path, EntryType type)>;
Result<void> visitTree(const std::filesystem::path &root, const TreeVisitor &visit);

// Removes a folder unless something is in it.
void removeEmptyFolder(const std::filesystem::path &folder);
// A symbolic link at `path`, where nothing may stand yet.
Result<void> makeLink(const std::string &target, const std::filesystem::path &path);

// Removes a folder with all it holds, or a single file. A missing one is no error.
Result<void> removeTree(const std::filesystem::path &root);

} // namespace Freshen::Platform
