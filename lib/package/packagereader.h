// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "updater-helper/trust/manifest.h"

#include <QString>

#include <functional>

namespace Freshen {

// Unpacks a package (.tar.zst, .tar.xz, .tar.gz, .zip) into a new folder, entry by entry, in the
// order of the archive. Nothing is written that the manifest does not list; every file is hashed
// while it is written; whatever KArchive would silently repair (rewritten, doubled or escaping
// names, hard links, devices) is refused. On an error nothing of the folder is left. With an empty
// signature there must be none in the package either.
//
// `progress` gets the bytes written so far and returns false to stop (CANCELLED).
Result<void> unpackPackage(const QString &package, const Trust::Manifest &manifest,
                           std::string_view manifestText, std::string_view manifestSignature,
                           const QString &folder,
                           const std::function<bool(quint64 bytes)> &progress = {});

// A file of a package, which has to be what the manifest lists. MANIFEST where it is not.
Result<QByteArray> readPackageFile(const QString &package, const Trust::Manifest &manifest,
                                   std::string_view path);

// The manifest and its signature as they stand first in a package; nothing is trusted by this.
struct PackageManifest {
    QByteArray text;
    QByteArray signature; // empty: there is none
};
Result<PackageManifest> readPackageManifest(const QString &package);

} // namespace Freshen
