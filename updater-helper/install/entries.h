// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/file.h"
#include "platform/tree.h"

namespace Freshen::Install {

// Something, whatever it is; a link that leads nowhere, too.
inline bool isThere(const std::filesystem::path &path)
{
    return !Platform::identityOf(path).empty();
}

// No link to one.
inline bool isRealFolder(const std::filesystem::path &path)
{
    const auto entry = Platform::entryAt(path, {});
    return entry && entry->type == Platform::EntryType::Directory;
}

} // namespace Freshen::Install
