// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/feed/appcast.h"
#include "platform/result.h"

namespace Freshen {

// Takes the release notes that lie beside a package (NAME.html, NAME.md or NAME.txt) into its
// item: the text itself, or with `prefix` their address. Without such a file nothing changes.
Result<void> addReleaseNotes(AppcastItem &item, const QString &basePath, const QUrl &prefix);

} // namespace Freshen
