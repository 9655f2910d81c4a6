// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/staging.h"

#include "lib/common/convert.h"
#include "lib/package/packagearchive.h"
#include "lib/package/packagereader.h"
#include "lib/session/plainpackage.h"
#include "lib/session/preflight.h"
#include "platform/paths.h"
#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/treecheck.h"

namespace Freshen {

namespace {

QString downloadFolder(const QString &product)
{
    return toQString(Platform::cacheDirectory() / "downloads" / product.toStdString());
}

// Named by its content; the ending, which says how to unpack it, is the feed's.
QString downloadName(const AppcastItem &item)
{
    if (!item.enclosure)
        return {};
    const AppcastEnclosure &file = *item.enclosure;
    const std::string signature = file.edSignature.toStdString();
    const QString name = file.sha256.isEmpty() ? toQString(Trust::sha256Hex(signature))
                                               : file.sha256;
    return name + PackageFormat::endingOf(file.url.fileName());
}

// The tree of an earlier try is used again when it is exactly this release.
bool isAlreadyStaged(const Installation &installation, const QByteArray &manifestText,
                     JobControl &control)
{
    const auto staged = Trust::readTreeManifest(installation.layout.staged(), installation.keys);
    if (!staged || staged->sha256 != Trust::sha256Hex(toView(manifestText)))
        return false;
    const auto intact = Trust::requireTree(installation.layout.staged(), staged->manifest,
                                           [&](std::uint64_t) { return !control.isCancelled(); });
    return intact.has_value();
}

// What earlier downloads left is worth nothing any more.
Result<void> pruneDownloads(const QString &folder)
{
    if (auto removed = Platform::removeTree(toPath(folder)); !removed)
        return removed;
    return Platform::makeDirectories(toPath(folder), 0700);
}

Result<void> planSigned(const Installation &installation, const AppcastItem &item, StagePlan &plan,
                        JobControl &control)
{
    if (toQString(Trust::sha256Hex(toView(plan.manifestText))) != item.manifest->sha256)
        return failure(ErrorCode::HASH,
                       "The manifest is not the one that the feed announces. Try again; if it "
                       "stays so, tell the publisher.");
    auto manifest = Trust::verifiedManifest(toView(plan.manifestText),
                                            toView(plan.manifestSignature), installation.keys);
    if (!manifest)
        return failure(manifest);
    if (auto fits = checkManifest(*manifest, item, installation); !fits)
        return fits;
    plan.manifest = std::move(*manifest);
    if (auto pruned = pruneDownloads(downloadFolder(installation.description.product)); !pruned)
        return pruned;
    plan.isStaged = isAlreadyStaged(installation, plan.manifestText, control);
    if (plan.isStaged)
        return {};
    if (auto removed = Platform::removeTree(installation.layout.staged()); !removed)
        return removed;
    return checkSpace(installation.layout, downloadFolder(installation.description.product),
                      plan.manifest.totalSize(), quint64(item.enclosure->length));
}

Result<void> planPlain(const Installation &installation, const AppcastItem &item, StagePlan &plan,
                       JobControl &control)
{
    const QString downloads = downloadFolder(installation.description.product);
    if (auto pruned = pruneDownloads(downloads); !pruned)
        return pruned;
    auto staged = stagedPlainRelease(installation, item, control);
    plan.isStaged = staged.has_value();
    if (plan.isStaged) {
        plan.manifest = std::move(*staged);
        return {};
    }
    if (auto removed = Platform::removeTree(installation.layout.staged()); !removed)
        return removed;
    const auto length = quint64(item.enclosure->length);
    return checkSpace(installation.layout, downloads, length, length);
}

Result<void> unpackSigned(const Install::Layout &layout, const QString &package,
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
    if (!item.manifest && !isForAPerson && installation.description.requireSignedFeed)
        return noManifest(item);
    return usable ? checkPlace(installation.layout) : usable;
}

QString downloadFile(const Installation &installation, const AppcastItem &item)
{
    return downloadFolder(installation.description.product) + QLatin1Char('/') + downloadName(item);
}

Result<void> planStage(const Installation &installation, const AppcastItem &item, StagePlan &plan,
                       JobControl &control)
{
    return item.manifest ? planSigned(installation, item, plan, control)
                         : planPlain(installation, item, plan, control);
}

Result<void> unpackStage(const Installation &installation, const AppcastItem &item,
                         const QString &package, StagePlan &plan, JobControl &control)
{
    auto done = checkPackageSignature(package, item, installation.keys);
    if (done)
        done = item.manifest ? unpackSigned(installation.layout, package, plan, control)
                             : unpackPlain(installation, item, package, plan, control);
    (void)Platform::removeFile(toPath(package));
    return done;
}

} // namespace Freshen
