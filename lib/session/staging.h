// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What staging does on the disk, in jobs of their own; the Stager puts them in order.

#pragma once

#include "lib/common/job.h"
#include "lib/session/installation.h"

namespace Freshen {

// The verified manifest of the release that is being staged, and where its tree comes from.
struct StagePlan {
    Trust::Manifest manifest;
    QByteArray manifestText;
    QByteArray manifestSignature;
    bool isStaged = false; // the tree is there already, from an earlier try
};

// Whether the item can be installed at all, with a manifest or as a plain package, and here.
Result<void> checkItem(const AppcastItem &item, const Installation &installation);
// Verifies the manifest, if the item has one, and looks what is there already and what will fit.
Result<void> planStage(const Installation &installation, const AppcastItem &item, StagePlan &plan,
                       JobControl &control);
// Unpacks a package whose manifest was verified to the staged tree.
Result<void> unpackRelease(const Install::Layout &layout, const QString &package,
                           const StagePlan &plan, JobControl &control);
// Verifies the package's signature, unpacks it to the staged tree and removes it, also when it is
// refused; when it is cancelled, the package stays.
Result<void> unpackStage(const Installation &installation, const AppcastItem &item,
                         const QString &package, StagePlan &plan, JobControl &control);

} // namespace Freshen
