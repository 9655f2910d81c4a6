// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/source/githubrelease.h"

#include "lib/common/convert.h"
#include "lib/supervise/source/buildname.h"
#include "platform/paths.h"
#include "updater-helper/trust/text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostNames = 20; // in a message

QString sha256In(const QString &digest)
{
    static const QRegularExpression form(u"^sha256:([0-9a-f]{64})$"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    return form.match(digest).captured(1).toLower();
}

ReleaseAsset assetOf(const QJsonObject &object)
{
    ReleaseAsset asset;
    asset.name = object["name"_L1].toString();
    asset.api = QUrl(object["url"_L1].toString());
    asset.download = QUrl(object["browser_download_url"_L1].toString());
    asset.size = object["size"_L1].toInteger(-1);
    asset.sha256 = sha256In(object["digest"_L1].toString());
    asset.mark = u"%1 %2 %3 %4"_s.arg(object["id"_L1].toInteger())
                     .arg(object["updated_at"_L1].toString())
                     .arg(asset.size)
                     .arg(asset.name);
    return asset;
}

QString namesOf(const QList<ReleaseAsset> &assets)
{
    QStringList names;
    for (const ReleaseAsset &asset : assets.first(std::min(assets.size(), mostNames)))
        names.append(toQString(Trust::escaped(toStdString(asset.name))));
    if (assets.size() > mostNames)
        names.append(u"…"_s);
    return names.isEmpty() ? u"nothing"_s : names.join(", "_L1);
}

} // namespace

Result<GithubRelease> GithubRelease::parse(const QByteArray &json, const QString &place)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    if (!object["tag_name"_L1].isString() || !object["assets"_L1].isArray())
        return failure(ErrorCode::FEED_PARSE,
                       u"The answer about %1 is not a release in the form of GitHub's API. Check "
                       "the address of the API."_s.arg(place));
    GithubRelease release;
    release.version = object["tag_name"_L1].toString();
    release.isFinal = !object["draft"_L1].toBool() && !object["prerelease"_L1].toBool();
    for (const QJsonValue asset : object["assets"_L1].toArray())
        release.assets.append(assetOf(asset.toObject()));
    return release;
}

const ReleaseAsset *GithubRelease::find(const QString &name) const
{
    const auto found = std::find_if(assets.begin(), assets.end(),
                                    [&](const ReleaseAsset &asset) { return asset.name == name; });
    return found == assets.end() ? nullptr : &*found;
}

Result<ReleaseAsset> GithubRelease::choose(const std::function<bool(const QString &)> &choose,
                                           const QString &place) const
{
    QList<ReleaseAsset> chosen;
    for (const ReleaseAsset &asset : assets) {
        const bool fits = choose ? choose(asset.name)
                                 : isBuildName(asset.name) && isForThisMachine(asset.name);
        if (fits)
            chosen.append(asset);
    }
    if (chosen.size() == 1)
        return chosen.first();
    const QString machine = u"%1 %2"_s.arg(toQString(Platform::systemName()),
                                           toQString(Platform::processorName()));
    return failure(ErrorCode::NO_USABLE_ITEM,
                   chosen.isEmpty()
                       ? u"No file of the release %1 of %2 is for %3; there is %4. Ask the "
                         "publisher for one."_s.arg(toQString(Trust::escaped(toStdString(version))),
                                                    place, machine, namesOf(assets))
                       : u"Several files of the release %1 of %2 are for %3: %4. Ask the publisher "
                         "for names that tell them apart."_s.arg(
                             toQString(Trust::escaped(toStdString(version))), place, machine,
                             namesOf(chosen)));
}

} // namespace Freshen
