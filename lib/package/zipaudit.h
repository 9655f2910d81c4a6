// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/package/archivelisting.h"

class QIODevice;

namespace Freshen {

// Lists the entries of a zip archive from its raw headers. Only one reading of the file is let
// through: local and central headers that agree, no gap, overlap, prefix or trailing bytes, sizes
// in the headers; not encrypted, not split, stored or deflated, below 4 GiB.
Result<void> auditZip(QIODevice &file, ArchiveListing &listing);

} // namespace Freshen
