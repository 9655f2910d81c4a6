// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/result.h"

#include <QString>

namespace Freshen {

class JobControl;

// The name of what is in a single packed file, "agent" for "agent.gz"; else the name itself.
QString unpackedName(const QString &name);

// A build as it arrived.
struct PackedBuild {
    QString file;
    QString name; // which tells whether it is packed
    qint64 maximumSize = 0; // of what comes out
};

// Makes it the file `to`, which must not exist yet: unpacked, or moved where there is nothing to
// unpack, because the name says so or because the way here has unpacked it. Slow. SIZE for one that
// is empty or too large, ARCHIVE for a damaged one.
Result<void> unpackBuild(const PackedBuild &build, const QString &to, JobControl &control);

} // namespace Freshen
