// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The roots of a publisher on the disk: 1.root, 2.root, … in the folder of the feed.

#pragma once

#include "updater-helper/trust/root.h"

#include <QString>

namespace Freshen {

// The file of that version in the folder.
QString rootPath(const QString &folder, quint64 version);

// A root as it stands in its file, drafts included; nothing is verified.
Result<Trust::SignedRoot> readRoot(const QString &path);

// The highest N for which N.root is in the folder; 0 where there is none.
quint64 newestRootIn(const QString &folder);

// The folder's roots from the first to that version, each verified by the one before. ROOT_CHAIN,
// with the file named: one is missing, or still a draft, or refused.
Result<std::vector<Trust::SignedRoot>> readRootChain(const QString &folder, quint64 upTo);
// All of them; none where there is none.
Result<std::vector<Trust::SignedRoot>> readRootChain(const QString &folder);

// ROOT_EXPIRED, with what to do, when it has expired at the time of publishing.
Result<void> requireUnexpired(const Trust::Root &root);

// Whether this key signed the root.
bool hasSigned(const Trust::PublicKey &key, const Trust::SignedRoot &root);

// How many keys have still to sign a root until clients take it.
struct MissingSignatures {
    std::size_t ofPrevious = 0; // root keys of the root before
    std::size_t ofOwn = 0; // its own root keys
    bool areNone() const { return ofPrevious == 0 && ofOwn == 0; }
};
// `previous` is nothing for the first root.
MissingSignatures missingSignatures(const Trust::SignedRoot &root, const Trust::Root *previous);

} // namespace Freshen
