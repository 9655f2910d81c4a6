// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/newitem.h"

#include "appcast-tools/releasenotes.h"
#include "lib/common/convert.h"
#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/text.h"

#include <QFileInfo>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

QString text(std::string_view view)
{
    return toQString(view);
}

QString mediaType(const QString &fileName)
{
    if (fileName.endsWith(u".zip"_s))
        return u"application/zip"_s;
    if (fileName.endsWith(u".zst"_s))
        return u"application/zstd"_s;
    return fileName.endsWith(u".xz"_s) ? u"application/x-xz"_s : u"application/gzip"_s;
}

Result<AppcastEnclosure> enclosureOf(const FoundPackage &package, const QUrl &folder,
                                     const SecretKey &key)
{
    const auto signature = key.signFile(toPath(package.path));
    if (!signature)
        return failure(signature);
    AppcastEnclosure enclosure;
    enclosure.url = addressIn(folder, package.fileName);
    enclosure.length = package.length;
    enclosure.sha256 = package.sha256;
    enclosure.edSignature = text(Trust::toBase64(signature->data(), signature->size()));
    enclosure.os = feedSystem(package.manifest);
    enclosure.arch = text(package.manifest.arch);
    enclosure.type = mediaType(package.fileName);
    return enclosure;
}

AppcastFile manifestOf(const FoundPackage &package, const QUrl &folder)
{
    AppcastFile manifest;
    manifest.url = addressIn(folder, QFileInfo(package.basePath).fileName() + u".manifest"_s);
    manifest.length = package.manifestText.size();
    manifest.sha256 = text(Trust::sha256Hex(toView(package.manifestText)));
    return manifest;
}

} // namespace

Result<AppcastItem> newItem(const FoundPackage &package, const ItemWishes &wishes,
                            const SigningKeys &keys)
{
    const SecretKey &key = keys.release();
    if (!(package.signer == key.publicKey()))
        return failure(
            ErrorCode::SIGNATURE,
            u"%1 is signed with the key %2, and new packages have to be with --key. Give "
            "that key, or pack it again."_s.arg(package.path, toQString(package.signer.idHex())));
    const QString channel = text(package.manifest.channel);
    if (!wishes.channel.isEmpty() && wishes.channel != channel)
        return failure(ErrorCode::WRONG_CHANNEL,
                       u"%1 was packed for the channel %2. Pack it again with --channel %3."_s.arg(
                           package.path, channel, wishes.channel));
    if (auto checked = checkAsClient(package, SecretSearch(keys.all())); !checked)
        return failure(checked);
    auto enclosure = enclosureOf(package, wishes.baseUrl, key);
    if (!enclosure)
        return failure(enclosure);
    AppcastItem item;
    item.version = item.shortVersion = item.title = text(package.manifest.version);
    item.channel = channel == u"stable"_s ? QString() : channel;
    item.publishedTime = wishes.published;
    item.isCritical = wishes.isCritical;
    item.criticalBelow = wishes.criticalBelow;
    item.phasedRolloutInterval = wishes.phasedRolloutInterval;
    item.minimumAutoupdateVersion = wishes.majorVersion;
    item.enclosure = std::move(*enclosure);
    item.manifest = manifestOf(package, wishes.baseUrl);
    for (const QUrl &mirror : wishes.mirrorUrls)
        item.mirrors += addressIn(mirror, package.fileName);
    if (auto added = addReleaseNotes(item, package.basePath, wishes.notesPrefix); !added)
        return failure(added);
    return item;
}

QString feedSystem(const Trust::Manifest &manifest)
{
    const QString os = text(manifest.os);
    const QString arch = text(manifest.arch);
    // Sparkle knows one name only, and no client has one for 32-bit Linux.
    if (os == u"macos"_s || (os == u"linux"_s && arch == u"x86"_s))
        return os;
    return os + u'-' + (arch == u"x86_64"_s ? u"x64"_s : arch);
}

QUrl addressIn(const QUrl &folder, const QString &fileName)
{
    QUrl url = folder;
    url.setPath(folder.path() + fileName);
    return url;
}

} // namespace Freshen
