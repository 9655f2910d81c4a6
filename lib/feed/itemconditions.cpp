// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/itemconditions.h"

#include "lib/feed/rollout.h"

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

bool isCritical(const AppcastItem &item, const ClientConditions &client)
{
    return isCriticalFor(item, client.installedVersion, client.order);
}

bool isOverdue(const AppcastItem &item, const ClientConditions &client)
{
    return item.deadline.isValid() && isCritical(item, client) && client.now >= item.deadline;
}

// Sparkle's groups, which come one after the other.
bool isBeforeItsGroup(const AppcastItem &item, const ClientConditions &client)
{
    if (!client.rolloutGroup || item.phasedRolloutInterval == 0 || !item.publishedTime.isValid())
        return false;
    const qint64 wait = qint64(item.phasedRolloutInterval) * *client.rolloutGroup;
    return item.publishedTime.secsTo(client.now) < wait;
}

// Freshen's share of all installs.
bool isOutsideShare(const AppcastItem &item, const ClientConditions &client)
{
    if (client.installId.isEmpty() || !item.rollout)
        return false;
    const QString &salt = item.rollout->salt.isEmpty() ? item.version : item.rollout->salt;
    return rolloutPosition(client.installId, salt) >= rolloutShare(*item.rollout, client.now);
}

// The spelling of processors in sparkle:os.
QString processorSuffix(const QString &arch)
{
    return arch == "x86_64"_L1 ? u"-x64"_s : u'-' + arch;
}

// Sparkle knows "macos" alone; WinSparkle and Freshen also name processors. An item for no system
// in particular is one that was made before feeds served Linux.
bool fitsOs(const QString &os, const ClientConditions &client)
{
    if (os.isEmpty())
        return client.os != "linux"_L1;
    return os == client.os
        || (client.os != "macos"_L1 && os == client.os + processorSuffix(client.arch));
}

bool fits(const AppcastEnclosure &enclosure, const ClientConditions &client)
{
    return fitsOs(enclosure.os, client)
        && (enclosure.arch.isEmpty() || enclosure.arch == client.arch);
}

// Who skipped a version is not offered older ones either.
bool isSkippedMinor(const AppcastItem &item, const ClientConditions &client)
{
    return std::any_of(
        client.skippedVersions.begin(), client.skippedVersions.end(),
        [&](const QString &skipped) { return client.order(skipped, item.version) >= 0; });
}

bool isSkippedMajor(const AppcastItem &item, const ClientConditions &client)
{
    const QString &forgotten = item.ignoreSkippedUpgradesBelow;
    const QString &subrelease = client.skippedMajorSubrelease;
    return client.isBelow(client.skippedMajorVersion) && !item.minimumAutoupdateVersion.isEmpty()
        && client.order(client.skippedMajorVersion, item.minimumAutoupdateVersion) >= 0
        && (forgotten.isEmpty()
            || (!subrelease.isEmpty() && client.order(subrelease, forgotten) >= 0));
}

} // namespace

bool isCriticalFor(const AppcastItem &item, const QString &installedVersion,
                   const VersionOrder &order)
{
    return item.isCritical
        && (item.criticalBelow.isEmpty() || order(installedVersion, item.criticalBelow) < 0);
}

bool isMajorUpgradeFor(const AppcastItem &item, const QString &installedVersion,
                       const VersionOrder &order)
{
    return !item.minimumAutoupdateVersion.isEmpty()
        && order(installedVersion, item.minimumAutoupdateVersion) < 0;
}

bool isInformationalFor(const AppcastItem &item, const QString &installedVersion,
                        const VersionOrder &order)
{
    if (!item.enclosure)
        return true;
    if (!item.isInformational || item.link.isEmpty())
        return false;
    const QString &below = item.informationalBelow;
    if (item.informationalVersions.isEmpty() && below.isEmpty())
        return true;
    return item.informationalVersions.contains(installedVersion)
        || (!below.isEmpty() && order(installedVersion, below) < 0);
}

bool isMeantFor(const AppcastItem &item, const ClientConditions &client)
{
    const bool hasChannel = item.channel.isEmpty() || client.channels.contains(item.channel);
    if (!item.notUnderstood.isEmpty() || !hasChannel || client.isBelow(item.minimumUpdateVersion))
        return false;
    return item.enclosure ? enclosureFor(item, client) != nullptr : fitsOs({}, client);
}

// Of several enclosures Sparkle takes the one in the best language; elsewhere they are builds, of
// which the one made for just this processor wins, then for this system, then the first that fits.
const AppcastEnclosure *enclosureFor(const AppcastItem &item, const ClientConditions &client)
{
    if (item.enclosures.size() < 2 || client.os == "macos"_L1)
        return item.enclosure && fits(*item.enclosure, client) ? &*item.enclosure : nullptr;
    const auto rank = [&client](const AppcastEnclosure &enclosure) {
        const bool isOfOs = enclosure.os.startsWith(client.os);
        const bool isOfArch = !enclosure.arch.isEmpty() || enclosure.os.contains(u'-');
        return isOfOs && isOfArch ? 2 : int(isOfOs);
    };
    const AppcastEnclosure *best = nullptr;
    for (const AppcastEnclosure &enclosure : item.enclosures) {
        if (fits(enclosure, client) && (!best || rank(enclosure) > rank(*best)))
            best = &enclosure;
    }
    return best;
}

QString systemObjection(const AppcastItem &item, const ClientConditions &client)
{
    const QString &minimum = item.minimumSystemVersion;
    const QString &maximum = item.maximumSystemVersion;
    // macOS 27 is the first that has no build for Intel.
    const bool isForArmMacs = client.os == "macos"_L1 && !minimum.isEmpty()
        && compareVersions(minimum, u"27.0"_s) >= 0;
    if ((item.needsArm64 || isForArmMacs) && client.arch != "arm64"_L1)
        return u"hardware"_s;
    // Linux has no version that feeds could mean.
    if (client.os == "linux"_L1 || client.osVersion.isEmpty())
        return {};
    if (!minimum.isEmpty() && compareVersions(client.osVersion, minimum) < 0)
        return u"os-too-old"_s;
    if (!maximum.isEmpty() && compareVersions(client.osVersion, maximum) > 0)
        return u"os-too-new"_s;
    return {};
}

bool isSkipped(const AppcastItem &item, const ClientConditions &client)
{
    return !isOverdue(item, client)
        && (isSkippedMinor(item, client) || isSkippedMajor(item, client));
}

bool isPhasedOut(const AppcastItem &item, const ClientConditions &client)
{
    return (isBeforeItsGroup(item, client) || isOutsideShare(item, client))
        && !isCritical(item, client);
}

bool isPinnedOut(const AppcastItem &item, const ClientConditions &client)
{
    return !client.pinnedPrefix.isEmpty() && item.version != client.pinnedPrefix
        && !item.version.startsWith(client.pinnedPrefix + u'.');
}

} // namespace Freshen
