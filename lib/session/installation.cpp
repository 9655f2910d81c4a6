// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/installation.h"

#include "lib/common/clock.h"
#include "lib/common/convert.h"
#include "lib/freshness/freshnessstore.h"
#include "lib/freshness/rootstore.h"
#include "platform/installkind.h"
#include "platform/paths.h"
#include "updater-helper/install/accepted.h"
#include "updater-helper/install/history.h"
#include "updater-helper/install/registration.h"

#include <QDir>
#include <QFileInfo>

namespace Freshen {

namespace {

// How far above its folder an executable may lie: "app/usr/lib/x/bin/program".
constexpr int maximumDepth = 6;

bool isDescribed(const std::filesystem::path &folder)
{
    return !Platform::identityOf(folder / AppDescription::fileName).empty();
}

// An AppImage that was never updated here tells of itself from the inside alone.
std::filesystem::path findDescription(const Install::Layout &layout,
                                      const std::filesystem::path &program)
{
    const auto usual = layout.descriptionFolder();
    if (!layout.isSingleFile() || isDescribed(usual))
        return usual;
    const auto image = Platform::appImageOf(program);
    const bool isThis = image && Install::Layout(image->file).app() == layout.app();
    return isThis && isDescribed(image->mount) ? image->mount : usual;
}

QDateTime buildTime(const Installation &installation)
{
    const auto release = Install::readRelease(installation.layout, installation.descriptionFolder,
                                              installation.knownKeys);
    if (!release)
        return {};
    return QDateTime::fromString(toQString(release->manifest.extra("built")), Qt::ISODate);
}

// Who may not write beside the app can still have it updated where an administrator allowed that.
void findRights(Installation &installation)
{
    const Install::Layout &layout = installation.layout;
    if (Platform::isWritableDirectory(layout.app().parent_path()))
        return;
    const auto registration = Install::Registration::find(layout.app());
    if (!registration)
        return;
    const bool hasService = !Platform::identityOf(Platform::helperSocket()).empty();
    installation.rights = hasService ? Install::Rights::Service : Install::Rights::Prompt;
    installation.registration = registration->id;
    installation.workplace = Install::Layout(
        layout.app(), Platform::cacheDirectory() / "elevated" / registration->id);
}

VersionOrder orderOf(const AppDescription &description)
{
    return versionOrder(Trust::versioningFromName(toStdString(description.versioning)));
}

} // namespace

Result<Installation> Installation::open(const QString &app)
{
    Install::Layout layout(toPath(app));
    auto descriptionFolder = findDescription(layout, Platform::executablePath());
    auto description = AppDescription::read(toQString(descriptionFolder));
    if (!description)
        return failure(description);
    auto keys = description->keys();
    if (!keys)
        return failure(keys);
    Installation installation{layout, layout};
    installation.descriptionFolder = std::move(descriptionFolder);
    installation.knownKeys = *keys;
    if (description->root)
        keys = RootStore(*description->root).newest().root.release.keys;
    installation.knownKeys.insert(installation.knownKeys.end(), keys->begin(), keys->end());
    installation.keys = std::move(*keys);
    installation.built = buildTime(installation);
    installation.policy = Policy::of(description->product);
    installation.order = orderOf(*description);
    installation.description = std::move(*description);
    findRights(installation);
    return installation;
}

void Installation::keepToOwnRights()
{
    rights = Install::Rights::OwnOnly;
    workplace = layout;
}

QString Installation::findAround(const QString &executable)
{
    const auto program = toPath(executable);
    const auto image = Platform::appImageOf(program);
    const Install::Layout layout(image ? image->file : program);
    if (layout.isSingleFile() && isDescribed(findDescription(layout, program)))
        return toQString(layout.app());
    QDir folder = QFileInfo(executable).dir();
    for (int i = 0; i < maximumDepth; ++i) {
        if (folder.exists(QLatin1String(AppDescription::fileName)))
            return folder.absolutePath();
        if (!folder.cdUp())
            break;
    }
    return {};
}

QDateTime Installation::confirmedUntil() const
{
    QList<QByteArray> signers;
    if (description.root)
        signers.append(signerOf(RootStore(*description.root).newest().root.feed));
    else
        for (const Trust::PublicKey &key : keys)
            signers.append(signerOf({1, {key}}));
    const FreshnessStore store;
    QDateTime until;
    for (const QByteArray &signer : signers) {
        const QDateTime expires = store.record(description.product, signer).expires;
        if (expires.isValid() && (!until.isValid() || expires > until))
            until = expires;
    }
    return until;
}

ClientConditions Installation::conditions() const
{
    ClientConditions client;
    client.installedVersion = description.version;
    client.os = toQString(Platform::systemName());
    client.arch = toQString(Platform::processorName());
    client.order = order;
    client.now = Clock::current().now();
    client.pinnedPrefix = policy.pinnedPrefix;
    if (policy.channel && *policy.channel != QLatin1String("stable"))
        client.channels = {*policy.channel};
    for (const Install::Layout &place : {layout, workplace}) {
        for (const std::string &version :
             Install::refusedVersions(place, Install::Refusal::Failed))
            client.failedVersions.insert(toQString(version));
    }
    return client;
}

QSet<QString> Installation::leftVersions() const
{
    QSet<QString> versions;
    for (const std::string &version : Install::refusedVersions(layout, Install::Refusal::Left))
        versions.insert(toQString(version));
    return versions;
}

UrlPolicy Installation::urlPolicy(const QUrl &feed) const
{
    return {description.allowHttp, feed.isLocalFile()};
}

} // namespace Freshen
