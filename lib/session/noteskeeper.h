// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/release.h>

namespace Freshen {

// Remembers, per user, what a release says about itself, for the first start of that release: who
// let it install by itself has not read it yet.
void keepNotes(const QString &product, const Release &release);
// The release of that version with its notes, and forgets them; without notes when none are kept.
Release takeKeptNotes(const QString &product, const QString &version);

} // namespace Freshen
