// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Release notes in a file of their own, which a feed may announce with a signature.

#pragma once

#include "lib/feed/appcast.h"
#include "updater-helper/trust/publickey.h"

#include <vector>

namespace Freshen {

// Checks what was fetched from the item's notesUrl: SIZE or SIGNATURE where it is not what the feed
// announces. Notes without a signature pass; whether they are wanted is the caller's question.
Result<void> verifyNotes(const QByteArray &notes, const AppcastItem &item,
                         const std::vector<Trust::PublicKey> &keys);

// The notes without the comment with which Sparkle's tools warn of editing a signed file; it is
// part of the signed bytes, but not for people.
QByteArray withoutSignWarning(const QByteArray &notes, Release::NotesFormat format);

} // namespace Freshen
