// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/file.h"

#include <QIODevice>

#include <functional>

namespace Freshen {

// Takes the next bytes of a file; an error ends the work.
using ByteSink = std::function<Result<void>(Platform::Bytes bytes)>;

// How long the patch says that the new file is, which may be anything.
Result<qint64> bsdiffNewSize(QIODevice *patch);
// Makes the new file from the old one and a patch as bsdiff writes it, in constant memory. Both
// can be read at any position. PATCH where it is damaged, made for another file, or makes a file
// longer than `maximumSize`. What the sink got of the file by then is worth nothing.
Result<void> applyBsdiff(QIODevice *old, QIODevice *patch, qint64 maximumSize,
                         const ByteSink &sink);

} // namespace Freshen
