// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Whether one item of a feed is for a client.

#pragma once

#include "lib/feed/appcast.h"
#include "lib/feed/versionorder.h"

#include <QSet>

namespace Freshen {

// Everything about the client that a choice depends on.
struct ClientConditions {
    QString installedVersion;
    QString os; // "linux", "windows", "macos"
    QString arch; // "x86_64", "arm64", "x86"
    QString osVersion; // compared on Windows and macOS
    QSet<QString> channels; // besides the default one
    VersionOrder order = versionOrder(Versioning::Sparkle);
    // The administrator's: "2.1" lets 2.1 and 2.1.3 pass, not 2.10. Empty: all.
    QString pinnedPrefix;
    // Versions that this install does not want because they failed before.
    QSet<QString> failedVersions;
    // Versions that the person does not want to be asked about again: skipped, or gone back from.
    // They count where nobody asked for the check.
    QSet<QString> skippedVersions;
    // The same for a major upgrade: its minimumAutoupdateVersion, and the version that was offered.
    QString skippedMajorVersion;
    QString skippedMajorSubrelease;
    // The client's group of a phased rollout, 0 to 6; none where a person asked for the check.
    std::optional<int> rolloutGroup;
    // What sets this install apart in <freshen:rollout>; empty where a person asked for the check.
    QString installId;
    QDateTime now;
    bool holdsMajorUpgrades = false;

    // Whether the installed version is older than this one; never when it is empty.
    bool isBelow(const QString &limit) const
    {
        return !limit.isEmpty() && order(installedVersion, limit) < 0;
    }
};

// These two depend on nothing but what is installed.
bool isMajorUpgradeFor(const AppcastItem &item, const QString &installedVersion,
                       const VersionOrder &order = versionOrder(Versioning::Sparkle));
bool isInformationalFor(const AppcastItem &item, const QString &installedVersion,
                        const VersionOrder &order = versionOrder(Versioning::Sparkle));
bool isCriticalFor(const AppcastItem &item, const QString &installedVersion,
                   const VersionOrder &order);

// Whether the client can see the item at all: it understands it, follows its channel, is of its
// system and not too old for it.
bool isMeantFor(const AppcastItem &item, const ClientConditions &client);
// The build for this client; null where there is none.
const AppcastEnclosure *enclosureFor(const AppcastItem &item, const ClientConditions &client);

// Why this system cannot run it: the reason for no update, empty when it can.
QString systemObjection(const AppcastItem &item, const ClientConditions &client);
// The person does not want to hear of it again.
bool isSkipped(const AppcastItem &item, const ClientConditions &client);
// The turn of this client has not come yet.
bool isPhasedOut(const AppcastItem &item, const ClientConditions &client);
bool isPinnedOut(const AppcastItem &item, const ClientConditions &client);

} // namespace Freshen
