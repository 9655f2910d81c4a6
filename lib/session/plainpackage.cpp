// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/plainpackage.h"

#include "lib/common/convert.h"
#include "lib/package/packagearchive.h"
#include "lib/package/plainpackagereader.h"
#include "lib/session/plainmanifest.h"
#include "lib/session/preflight.h"
#include "platform/paths.h"
#include "updater-helper/install/accepted.h"
#include "updater-helper/trust/text.h"
#include "updater-helper/trust/treecheck.h"

#include <QFileInfo>

namespace Freshen {

using namespace Qt::StringLiterals;
using Trust::Manifest;

namespace {

Result<Manifest> unpackAndDescribe(const Installation &installation, const AppcastItem &item,
                                   const QString &package, JobControl &control)
{
    const Install::Layout &layout = installation.layout;
    if (auto removed = Platform::removeTree(layout.staging()); !removed)
        return failure(removed);
    PlainPackage plain;
    plain.file = package;
    plain.os = Platform::systemName();
    plain.executable = toStdString(installation.description.executable);
    plain.checkRoom = [&](quint64 size) {
        return checkSpace(layout, QFileInfo(package).path(), size, 0);
    };
    plain.progress = [&](quint64 bytes) { return control.advance(qint64(bytes)); };
    auto entries = unpackPlainPackage(plain, toQString(layout.staging()));
    if (!entries)
        return failure(entries);
    auto manifest = describePlainTree(installation, item, std::move(*entries));
    if (!manifest)
        return manifest;
    const auto staged = Platform::rename(layout.staging(), layout.staged());
    return staged ? manifest : failure(staged);
}

} // namespace

bool isInstaller(const AppcastEnclosure &enclosure)
{
    static const QStringList endings = {u"exe"_s, u"msi"_s, u"msix"_s,     u"pkg"_s, u"mpkg"_s,
                                        u"dmg"_s, u"deb"_s, u"appimage"_s, u"rpm"_s};
    const QString ending = QFileInfo(enclosure.url.fileName()).suffix().toLower();
    return enclosure.installationType == "package"_L1 || endings.contains(ending);
}

Result<void> checkPlainItem(const AppcastItem &item)
{
    const QString version = toQString(Trust::escaped(toStdString(item.version)));
    if (!item.enclosure || isInstaller(*item.enclosure)) {
        const bool hasLink = !item.enclosure || !item.link.isEmpty();
        return failure(ErrorCode::INSTALLER,
                       u"Version %1 is not a package that could be unpacked. Get it from %2 and "
                       "install it yourself."_s.arg(
                           version, displayUrl(hasLink ? item.link : item.enclosure->url)));
    }
    if (item.enclosure->edSignature.isEmpty())
        return failure(
            ErrorCode::SIGNATURE,
            u"The feed gives no Ed25519 signature of version %1, so it is never "
            "installed; a DSA signature does not count. Tell the publisher."_s.arg(version));
    if (const auto signature = Trust::parseSignature(toStdString(item.enclosure->edSignature));
        !signature)
        return failure(signature);
    if (PackageFormat::endingOf(item.enclosure->url.fileName()).isEmpty())
        return failure(ErrorCode::ARCHIVE,
                       u"The package %1 is neither a zip nor a tar archive, so it cannot be "
                       "installed. Tell the publisher."_s.arg(displayUrl(item.enclosure->url)));
    return {};
}

std::optional<Manifest> stagedPlainRelease(const Installation &installation,
                                           const AppcastItem &item, JobControl &control)
{
    const auto tree = installation.workplace.staged();
    const auto staged = Install::readNewRelease(installation.layout, tree, installation.keys);
    if (!staged
        || staged->manifest.extra(plainPackageLine) != toStdString(item.enclosure->edSignature)
        || !checkManifest(staged->manifest, item, installation))
        return {};
    const auto intact = Trust::requireTree(tree, staged->manifest,
                                           [&](std::uint64_t) { return !control.isCancelled(); });
    return intact ? std::optional(staged->manifest) : std::nullopt;
}

Result<Manifest> stagePlainPackage(const Installation &installation, const AppcastItem &item,
                                   const QString &package, JobControl &control)
{
    auto manifest = unpackAndDescribe(installation, item, package, control);
    if (!manifest)
        (void)Platform::removeTree(installation.workplace.staging());
    return manifest;
}

} // namespace Freshen
