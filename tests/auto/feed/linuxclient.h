// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/feed/selection.h"

// Items and clients, for the tests of the choice.

namespace Freshen {

using namespace Qt::StringLiterals;

// An item for Linux; the title tells apart what else is equal.
inline AppcastItem linuxItem(const QString &version, const QString &title = {})
{
    AppcastItem item;
    item.version = version;
    item.title = title;
    item.enclosure.emplace();
    item.enclosure->os = u"linux"_s;
    item.enclosure->arch = u"x86_64"_s;
    return item;
}

inline ClientConditions linuxClient(const QString &installed)
{
    ClientConditions client;
    client.installedVersion = installed;
    client.os = u"linux"_s;
    client.arch = u"x86_64"_s;
    return client;
}

inline Selection select(const QList<AppcastItem> &items, const ClientConditions &client)
{
    Appcast appcast;
    appcast.items = items;
    return selectItem(appcast, client);
}

} // namespace Freshen
