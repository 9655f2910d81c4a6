// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/foundpackage.h"

#include "lib/common/convert.h"
#include "lib/package/packagereader.h"
#include "lib/package/packagewriter.h"
#include "updater-helper/trust/digest.h"

#include <QDir>
#include <QTemporaryDir>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

Result<QByteArray> readBeside(const FoundPackage &package, const QString &ending)
{
    const QString path = package.basePath + ending;
    if (!QFileInfo::exists(path))
        return failure(
            ErrorCode::MANIFEST,
            u"%1 lacks %2 beside it. Make packages with freshen-appcast pack; other "
            "archives belong elsewhere."_s.arg(package.path, QFileInfo(path).fileName()));
    const auto content = Platform::readFile(toPath(path), Trust::Manifest::maximumSize);
    if (!content)
        return failure(content);
    return QByteArray::fromStdString(*content);
}

Result<void> readManifest(FoundPackage &package, const std::vector<Trust::PublicKey> &keys)
{
    const auto text = readBeside(package, u".manifest"_s);
    if (!text)
        return failure(text);
    const auto signature = readBeside(package, u".manifest.minisig"_s);
    if (!signature)
        return failure(signature);
    const auto verified = [&](const std::vector<Trust::PublicKey> &signers) {
        return Trust::verifiedManifest(toView(*text), toView(*signature), signers);
    };
    const auto manifest = verified(keys);
    if (!manifest)
        return failure(manifest.error().code,
                       u"%1: %2"_s.arg(package.path, toQString(manifest.error().message)));
    package.signer = *std::find_if(keys.begin(), keys.end(), [&](const Trust::PublicKey &key) {
        return verified({key}).has_value();
    });
    package.manifestText = *text;
    package.manifestSignature = *signature;
    package.manifest = *manifest;
    return {};
}

Result<FoundPackage> readPackage(const QFileInfo &file, const std::vector<Trust::PublicKey> &keys)
{
    FoundPackage package;
    package.fileName = file.fileName();
    package.path = file.filePath();
    package.basePath = file.path() + u'/' + packageBaseName(file.fileName());
    package.length = file.size();
    if (auto read = readManifest(package, keys); !read)
        return failure(read);
    const auto sha256 = Trust::sha256OfFile(toPath(package.path));
    if (!sha256)
        return failure(sha256);
    package.sha256 = toQString(*sha256);
    return package;
}

} // namespace

Result<QList<FoundPackage>> findPackages(const QString &folder,
                                         const std::vector<Trust::PublicKey> &keys,
                                         const SecretSearch &secrets)
{
    const QDir directory(folder);
    if (!directory.exists())
        return failure(ErrorCode::IO, u"The folder %1 does not exist."_s.arg(folder));
    if (auto none = secrets.requireNoneBelow(toPath(folder), toStdString(folder) + '/'); !none)
        return failure(none);
    QList<FoundPackage> packages;
    const QFileInfoList files = directory.entryInfoList(QDir::Files | QDir::Hidden, QDir::Name);
    for (const QFileInfo &file : files) {
        if (packageBaseName(file.fileName()).isEmpty())
            continue;
        auto package = readPackage(file, keys);
        if (!package)
            return failure(package);
        packages += *package;
    }
    return packages;
}

Result<void> checkAsClient(const FoundPackage &package, const SecretSearch &secrets)
{
    const QTemporaryDir place;
    const QString tree = place.filePath(u"tree"_s);
    const auto unpacked = unpackPackage(package.path, package.manifest,
                                        toView(package.manifestText),
                                        toView(package.manifestSignature), tree);
    if (!unpacked)
        return failure(unpacked.error().code,
                       u"Clients would refuse %1: %2"_s.arg(package.path,
                                                            toQString(unpacked.error().message)));
    return secrets.requireNoneBelow(toPath(tree), toStdString(package.path) + ": ");
}

Result<void> checkContent(const QString &package, const SecretSearch &secrets)
{
    const auto inner = readPackageManifest(package);
    if (!inner)
        return failure(inner);
    const auto manifest = Trust::Manifest::parse(toView(inner->text));
    if (!manifest)
        return failure(manifest.error().code,
                       u"%1: %2"_s.arg(package, toQString(manifest.error().message)));
    FoundPackage found;
    found.path = package;
    found.manifestText = inner->text;
    found.manifestSignature = inner->signature;
    found.manifest = *manifest;
    return checkAsClient(found, secrets);
}

} // namespace Freshen
