// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Packages that were made for Sparkle, WinSparkle or NetSparkle: signed as a whole, without a
// manifest. Apps that do without a signed feed ("requireSignedFeed":false) can be updated from
// them.

#pragma once

#include "lib/common/job.h"
#include "lib/session/installation.h"

namespace Freshen {

// Whether the file is a program or package of another installer, which Freshen never runs.
bool isInstaller(const AppcastEnclosure &enclosure);

// INSTALLER when a person has to fetch the version; SIGNATURE or ARCHIVE when the item could never
// be installed as a plain package.
Result<void> checkPlainItem(const AppcastItem &item);

// The release that an earlier try left beside the app, if it came from exactly this package.
std::optional<Trust::Manifest> stagedPlainRelease(const Installation &installation,
                                                  const AppcastItem &item, JobControl &control);

// Turns the package, whose signature was verified, into a staged tree with a manifest made here.
Result<Trust::Manifest> stagePlainPackage(const Installation &installation, const AppcastItem &item,
                                          const QString &package, JobControl &control);

} // namespace Freshen
