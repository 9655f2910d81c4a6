// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/feed/appcast.h"
#include "platform/result.h"

namespace Freshen {

// Reads a feed in one pass with bounds: 5 MiB, 10 000 items, depth 16, UTF-8, no document type.
// `base` is the feed's final address, against which relative ones resolve. A malformed item is
// skipped with a warning; a feed that is not well-formed is refused whole. Of what a feed says in
// several languages, the first of `languages` ("es", "en") that it knows is read, else English.
Result<Appcast> readAppcast(const QByteArray &xml, const QUrl &base,
                            const QStringList &languages = {});

} // namespace Freshen
