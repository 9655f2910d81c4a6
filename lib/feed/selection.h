// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Which item of a feed a client is offered, and why none.

#pragma once

#include "lib/feed/appcast.h"
#include "lib/feed/versionorder.h"

#include <QSet>
#include <QStringList>

namespace Freshen {

// Everything about the client that a choice depends on.
struct ClientConditions {
    QString installedVersion;
    QString os; // "linux", "windows", "macos"
    QString arch; // "x86_64", "arm64", "x86"
    QString osVersion; // compared on Windows and macOS
    QSet<QString> channels; // besides the default one
    Versioning versioning = Versioning::Sparkle;
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
    QDateTime now;
    bool holdsMajorUpgrades = false;
};

struct Selection {
    std::optional<AppcastItem> item;
    QString reason; // "newer", "up-to-date", "newer-than-feed", "os-too-old", …
    QStringList candidates; // versions that passed every filter, in feed order
};

bool isMajorUpgradeFor(const AppcastItem &item, const QString &installedVersion,
                       Versioning versioning = Versioning::Sparkle);
bool isInformationalFor(const AppcastItem &item, const QString &installedVersion,
                        Versioning versioning = Versioning::Sparkle);

// In Sparkle's order: of all that is meant for this client the newest that fits, major upgrades
// only where nothing else is newer.
Selection selectItem(const Appcast &appcast, const ClientConditions &client);

// The item as the public value.
Release toRelease(const AppcastItem &item, const QString &installedVersion,
                  Versioning versioning = Versioning::Sparkle);

} // namespace Freshen
