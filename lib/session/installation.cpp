// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/installation.h"

#include "lib/common/clock.h"
#include "lib/common/convert.h"
#include "platform/paths.h"
#include "updater-helper/install/accepted.h"
#include "updater-helper/install/history.h"

#include <QDir>
#include <QFileInfo>

namespace Freshen {

namespace {

// How far above its folder an executable may lie: "app/usr/lib/x/bin/program".
constexpr int maximumDepth = 6;

QDateTime buildTime(const Install::Layout &layout, const std::vector<Trust::PublicKey> &keys)
{
    const auto release = Install::readRelease(layout, layout.app(), keys);
    if (!release)
        return {};
    return QDateTime::fromString(toQString(release->manifest.extra("built")), Qt::ISODate);
}

VersionOrder orderOf(const AppDescription &description)
{
    return versionOrder(Trust::versioningFromName(toStdString(description.versioning)));
}

} // namespace

Result<Installation> Installation::open(const QString &appDirectory)
{
    Install::Layout layout(toPath(appDirectory));
    auto description = AppDescription::read(toQString(layout.app()));
    if (!description)
        return failure(description);
    auto keys = description->keys();
    if (!keys)
        return failure(keys);
    const QDateTime built = buildTime(layout, *keys);
    Policy policy = Policy::of(description->product);
    VersionOrder order = orderOf(*description);
    return Installation{std::move(layout), std::move(*description), std::move(*keys), built,
                        std::move(policy), std::move(order)};
}

QString Installation::findAround(const QString &executable)
{
    QDir folder = QFileInfo(executable).dir();
    for (int i = 0; i < maximumDepth; ++i) {
        if (folder.exists(QLatin1String(AppDescription::fileName)))
            return folder.absolutePath();
        if (!folder.cdUp())
            break;
    }
    return {};
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
    for (const std::string &version :
         Install::refusedVersions(layout, Install::Refusal::Failed))
        client.failedVersions.insert(toQString(version));
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
