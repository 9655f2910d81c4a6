// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Which item of a feed a client is offered, and why none.

#pragma once

#include "lib/feed/itemconditions.h"

#include <QStringList>

namespace Freshen {

struct Selection {
    std::optional<AppcastItem> item;
    QString reason; // "newer", "up-to-date", "newer-than-feed", "os-too-old", …
    QStringList candidates; // versions that passed every filter, in feed order
    QList<AppcastItem> newer; // those of them that are newer than the installed one, newest first
};

// In Sparkle's order: of all that is meant for this client the newest that fits, major upgrades
// only where nothing else is newer.
Selection selectItem(const Appcast &appcast, const ClientConditions &client);

// The build of the installed version for this client, whatever the client thinks of it.
std::optional<AppcastItem> findInstalled(const Appcast &appcast, const ClientConditions &client);

// The item as the public value.
Release toRelease(const AppcastItem &item, const QString &installedVersion,
                  const VersionOrder &order = versionOrder(Versioning::Sparkle));

} // namespace Freshen
