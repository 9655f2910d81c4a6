// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/package/packcheck.h"

#include "lib/common/convert.h"
#include "lib/transfer/urlpolicy.h"

#include <QFileInfo>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

const QStringList packageEndings = {u".tar.zst"_s, u".tar.xz"_s, u".tar.gz"_s, u".zip"_s};
const QStringList systems = {u"linux"_s, u"windows"_s, u"macos"_s};
const QStringList processors = {u"x86_64"_s, u"arm64"_s, u"x86"_s};

Result<void> checkSigner(const AppDescription &description, const Trust::PublicKey &signer)
{
    const auto keys = description.keys();
    if (!keys)
        return failure(keys);
    if (std::find(keys->begin(), keys->end(), signer) == keys->end())
        return failure(ErrorCode::KEY,
                       "The public keys for freshen.json lack the one that signs this release: "
                       "nobody who installs it could verify it. Add "
                           + signer.toMinisign() + ".");
    return {};
}

Result<void> checkPlaces(const PackRequest &request)
{
    const QString tree = QFileInfo(request.tree).canonicalFilePath();
    const QFileInfo package(request.package);
    const QFileInfo found(tree);
    if (tree.isEmpty() || (!found.isDir() && !found.isFile()))
        return failure(ErrorCode::IO,
                       u"%1 is no folder or file that could be packed."_s.arg(request.tree));
    if (found.isFile() && request.description.executable != found.fileName())
        return failure(ErrorCode::CONFIG,
                       u"The executable of a single file is the file itself, \"%1\". Leave out "
                       "--executable."_s.arg(found.fileName()));
    if (packageBaseName(package.fileName()).isEmpty())
        return failure(ErrorCode::CONFIG,
                       u"The package %1 has to end in %2."_s.arg(request.package,
                                                                 packageEndings.join(u", "_s)));
    const QString target = QFileInfo(package.absolutePath()).canonicalFilePath();
    if (target.isEmpty())
        return failure(ErrorCode::IO,
                       u"The folder %1 does not exist."_s.arg(package.absolutePath()));
    if (target == tree || target.startsWith(tree + u'/') || package.canonicalFilePath() == tree)
        return failure(ErrorCode::CONFIG,
                       u"The package %1 is or lies inside what is packed. "
                       "Choose another place."_s.arg(request.package));
    return {};
}

} // namespace

Result<void> checkPackRequest(const PackRequest &request, const SecretKey &key)
{
    const AppDescription &description = request.description;
    // What the reader of freshen.json refuses must not be written.
    if (const auto parsed = AppDescription::parse(description.toJson()); !parsed)
        return failure(parsed);
    if (auto checked = checkSigner(description, key.publicKey()); !checked)
        return checked;
    if (!systems.contains(request.os) || !processors.contains(request.arch))
        return failure(ErrorCode::CONFIG,
                       u"A package is for one of %1 on one of %2."_s.arg(systems.join(u", "_s),
                                                                         processors.join(u", "_s)));
    const UrlPolicy policy{description.allowHttp, true};
    if (auto checked = checkUrl(QUrl(description.feed, QUrl::StrictMode), policy); !checked)
        return failure(checked.error().code, "The feed's address: " + checked.error().message);
    return checkPlaces(request);
}

QString packageBaseName(const QString &fileName)
{
    for (const QString &ending : packageEndings) {
        if (fileName.endsWith(ending))
            return fileName.chopped(ending.size());
    }
    return {};
}

} // namespace Freshen
