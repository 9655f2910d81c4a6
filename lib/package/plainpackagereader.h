// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "updater-helper/trust/manifest.h"

#include <QString>

#include <functional>

namespace Freshen {

// A package as any archiver makes it: without a manifest, often with everything in one folder.
struct PlainPackage {
    QString file;
    std::string os; // whose rules for names hold, besides those of all systems
    // Where the app's program will lie: a folder around everything is taken off, unless the program
    // is there only with it.
    std::string executable;
    quint64 maximumSize = 8ull << 30; // of what is unpacked
    // Gets the size of all files before the first is written.
    std::function<Result<void>(quint64 size)> checkRoom;
    std::function<bool(quint64 bytes)> progress; // bytes written so far; false stops (CANCELLED)
};

// Unpacks it into a new folder and tells what is there now, sorted by path, each file with its
// hash. The rules for names, links and kinds are those of all packages; modes are 0755 or 0644. On
// an error nothing of the folder is left.
Result<std::vector<Trust::ManifestEntry>> unpackPlainPackage(const PlainPackage &package,
                                                             const QString &folder);

} // namespace Freshen
