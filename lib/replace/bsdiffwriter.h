// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/result.h"

#include <QByteArray>

#include <functional>

namespace Freshen {

// Told how many bytes of the new file are done; false ends the work with CANCELLED.
using BsdiffProgress = std::function<bool(qint64 done)>;

// The patch from one file to another, byte for byte what the bsdiff command writes. The old file
// is at most 2 GiB; takes five times its size of memory besides both files and the patch.
Result<QByteArray> makeBsdiff(const QByteArray &oldFile, const QByteArray &newFile,
                              const BsdiffProgress &progress = {});

} // namespace Freshen
