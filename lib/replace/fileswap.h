// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "updater-helper/install/layout.h"

#include <memory>
#include <optional>

namespace Freshen {

// What went wrong, and what went wrong on the way back after that.
struct SwapFailure {
    Error error;
    std::optional<Error> rollback;
};
using SwapResult = tl::expected<void, SwapFailure>;

// One file that is to take the place of another, and the folder beside it where it waits, which
// nobody else may use meanwhile. Either stands at the path at any time, complete.
class FileSwap
{
public:
    // Removes what earlier ones left; an old file that one of them was about to keep is kept.
    // BUSY while somebody else is at work there.
    static Result<std::unique_ptr<FileSwap>> begin(const Install::Layout &layout,
                                                   const std::filesystem::path &keepAt);
    // Removes what is left, and the folder when it is empty then.
    ~FileSwap();
    FileSwap(const FileSwap &) = delete;
    FileSwap &operator=(const FileSwap &) = delete;

    std::filesystem::path incoming() const { return m_layout.folder() / "incoming"; }
    std::filesystem::path patch() const { return m_layout.folder() / "patch"; }

    // Puts the incoming file, complete and on the disk, in place. The old one is kept at `keepAt`,
    // when that is not empty.
    SwapResult commit();
    // Puts the kept file back. NO_PREVIOUS where there is none.
    Result<void> takeBack();

private:
    FileSwap(const Install::Layout &layout, std::filesystem::path keepAt,
             Platform::Descriptor lock);

    std::filesystem::path outgoing() const { return m_layout.folder() / "outgoing"; }
    Result<void> recover();
    Result<void> removeAll();
    Result<void> holdOld();
    Result<void> putInPlace();
    Result<void> keepOld();
    SwapResult goBack(const Error &error);

    Install::Layout m_layout;
    std::filesystem::path m_keepAt;
    Platform::Descriptor m_lock;
    bool m_isBroken = false;
};

} // namespace Freshen
