// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/staging.h"

#include "lib/common/convert.h"
#include "lib/package/packagereader.h"
#include "lib/session/downloadfolder.h"
#include "lib/session/plainpackage.h"
#include "lib/session/preflight.h"
#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/treecheck.h"

#include <algorithm>

namespace Freshen {

namespace {

// The tree of an earlier try is used again when it is exactly this release.
bool isAlreadyStaged(const Installation &installation, const QByteArray &manifestText,
                     JobControl &control)
{
    const auto staged = Trust::readTreeManifest(installation.workplace.staged(), installation.keys);
    if (!staged || staged->sha256 != Trust::sha256Hex(toView(manifestText)))
        return false;
    const auto intact = Trust::requireTree(installation.workplace.staged(), staged->manifest,
                                           [&](std::uint64_t) { return !control.isCancelled(); });
    return intact.has_value();
}

// Whether package and tree will fit, the package beside what is there of it.
Result<void> checkRoom(const Installation &installation, const AppcastItem &item, quint64 treeSize)
{
    const DownloadFolder downloads(installation.description.product);
    const auto length = quint64(item.enclosure->length);
    const quint64 occupied = std::min(downloads.occupied(downloads.file(item)), length);
    return checkSpace(installation.workplace, downloads.path(), treeSize, length - occupied);
}

Result<void> planSigned(const Installation &installation, const AppcastItem &item, StagePlan &plan,
                        JobControl &control)
{
    auto manifest = Trust::verifiedManifest(toView(plan.manifestText),
                                            toView(plan.manifestSignature), installation.keys);
    if (!manifest)
        return failure(manifest);
    if (auto fits = checkManifest(*manifest, item, installation); !fits)
        return fits;
    plan.manifest = std::move(*manifest);
    plan.isStaged = isAlreadyStaged(installation, plan.manifestText, control);
    return {};
}

Result<void> planPlain(const Installation &installation, const AppcastItem &item, StagePlan &plan,
                       JobControl &control)
{
    auto staged = stagedPlainRelease(installation, item, control);
    plan.isStaged = staged.has_value();
    if (plan.isStaged)
        plan.manifest = std::move(*staged);
    return {};
}

Result<void> unpackPlain(const Installation &installation, const AppcastItem &item,
                         const QString &package, StagePlan &plan, JobControl &control)
{
    auto manifest = stagePlainPackage(installation, item, package, control);
    if (!manifest)
        return failure(manifest);
    plan.manifest = std::move(*manifest);
    return {};
}

tl::unexpected<Error> noManifest(const AppcastItem &item)
{
    return failure(ErrorCode::MANIFEST,
                   QStringLiteral("The feed does not give manifest, length and hash of "
                                  "version %1, so it cannot be installed safely.")
                       .arg(item.version));
}

Result<void> checkSignedItem(const AppcastItem &item)
{
    if (!item.enclosure || item.manifest->sha256.isEmpty() || item.enclosure->sha256.isEmpty()
        || item.enclosure->length <= 0)
        return noManifest(item);
    return {};
}

} // namespace

Result<void> checkItem(const AppcastItem &item, const Installation &installation)
{
    const auto usable = item.manifest ? checkSignedItem(item) : checkPlainItem(item);
    const bool isForAPerson = !usable && usable.error().code == ErrorCode::INSTALLER;
    const bool needsManifest = installation.description.requireSignedFeed
        || installation.rights != Install::Rights::OwnOnly;
    if (!item.manifest && !isForAPerson && needsManifest)
        return noManifest(item);
    return usable ? checkPlace(installation) : usable;
}

Result<void> planStage(const Installation &installation, const AppcastItem &item, StagePlan &plan,
                       JobControl &control)
{
    auto done = item.manifest ? planSigned(installation, item, plan, control)
                              : planPlain(installation, item, plan, control);
    const DownloadFolder downloads(installation.description.product);
    if (done)
        done = plan.isStaged ? downloads.remove() : downloads.keepOnly(downloads.file(item));
    if (!done || plan.isStaged)
        return done;
    if (auto removed = Platform::removeTree(installation.workplace.staged()); !removed)
        return removed;
    // A plain package does not tell how large its tree is: as large as itself at least.
    return checkRoom(installation, item,
                     item.manifest ? plan.manifest.totalSize() : quint64(item.enclosure->length));
}

Result<void> unpackRelease(const Install::Layout &layout, const QString &package,
                           const StagePlan &plan, JobControl &control)
{
    auto done = Platform::removeTree(layout.staging());
    if (done)
        done = unpackPackage(package, plan.manifest, toView(plan.manifestText),
                             toView(plan.manifestSignature), toQString(layout.staging()),
                             [&](quint64 bytes) { return control.advance(qint64(bytes)); });
    if (done)
        done = checkDescription(layout.staging(), plan.manifest);
    if (done)
        done = Platform::rename(layout.staging(), layout.staged());
    if (!done)
        (void)Platform::removeTree(layout.staging());
    return done;
}

Result<void> unpackStage(const Installation &installation, const AppcastItem &item,
                         const QString &package, StagePlan &plan, JobControl &control)
{
    auto done = checkPackageSignature(package, item, installation.keys);
    if (done)
        done = item.manifest ? unpackRelease(installation.workplace, package, plan, control)
                             : unpackPlain(installation, item, package, plan, control);
    if (!control.isCancelled())
        (void)DownloadFolder(installation.description.product).remove();
    return done;
}

} // namespace Freshen
