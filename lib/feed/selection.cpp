// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/selection.h"

#include <algorithm>
#include <iterator>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

using Items = QList<const AppcastItem *>;

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

// Whether the item is meant for clients like this one at all.
bool isMeantFor(const AppcastItem &item, const ClientConditions &client)
{
    const AppcastEnclosure enclosure = item.enclosure.value_or(AppcastEnclosure());
    return fitsOs(enclosure.os, client)
        && (enclosure.arch.isEmpty() || enclosure.arch == client.arch)
        && (item.channel.isEmpty() || client.channels.contains(item.channel));
}

// Why this system cannot run it; empty when it can.
QString systemObjection(const AppcastItem &item, const ClientConditions &client)
{
    // Linux has no version that feeds could mean.
    if (client.os == "linux"_L1 || client.osVersion.isEmpty())
        return {};
    const QString &minimum = item.minimumSystemVersion;
    const QString &maximum = item.maximumSystemVersion;
    if (!minimum.isEmpty() && compareVersions(client.osVersion, minimum) < 0)
        return u"os-too-old"_s;
    if (!maximum.isEmpty() && compareVersions(client.osVersion, maximum) > 0)
        return u"os-too-new"_s;
    return {};
}

// Why this install does not want it; empty when it does. Who skipped a version is not offered
// older ones either.
QString wishObjection(const AppcastItem &item, const ClientConditions &client)
{
    const auto hides = [&](const QString &skipped) {
        return compareVersions(skipped, item.version, client.versioning) >= 0;
    };
    if (std::any_of(client.skippedVersions.begin(), client.skippedVersions.end(), hides))
        return u"skipped"_s;
    return client.failedVersions.contains(item.version) ? u"failed-before"_s : QString();
}

template<typename Predicate>
Items filtered(const Items &items, Predicate predicate)
{
    Items result;
    std::copy_if(items.begin(), items.end(), std::back_inserter(result), predicate);
    return result;
}

// Of equals, the first.
const AppcastItem *newest(const Items &items, Versioning versioning)
{
    const auto isOlder = [versioning](const AppcastItem *left, const AppcastItem *right) {
        return compareVersions(left->version, right->version, versioning) < 0;
    };
    const auto best = std::max_element(items.begin(), items.end(), isOlder);
    return best == items.end() ? nullptr : *best;
}

int compareWithInstalled(const AppcastItem *item, const ClientConditions &client)
{
    return item ? compareVersions(item->version, client.installedVersion, client.versioning) : 0;
}

// Why nothing is offered out of the items meant for this client. With none at all there is
// nothing newer, as far as this client is concerned.
QString reasonForNone(const Items &meant, const ClientConditions &client)
{
    const Items wanted = filtered(meant, [&client](const AppcastItem *item) {
        return wishObjection(*item, client).isEmpty();
    });
    const AppcastItem *best = newest(wanted, client.versioning);
    if (compareWithInstalled(best, client) > 0)
        return systemObjection(*best, client);
    best = newest(meant, client.versioning);
    if (compareWithInstalled(best, client) > 0)
        return wishObjection(*best, client);
    return compareWithInstalled(best, client) < 0 ? u"newer-than-feed"_s : u"up-to-date"_s;
}

bool isCriticalFor(const AppcastItem &item, const QString &installedVersion, Versioning versioning)
{
    return item.isCritical
        && (item.criticalBelow.isEmpty()
            || compareVersions(installedVersion, item.criticalBelow, versioning) < 0);
}

} // namespace

Selection selectItem(const Appcast &appcast, const ClientConditions &client)
{
    Items meant;
    for (const AppcastItem &item : appcast.items) {
        if (isMeantFor(item, client))
            meant.append(&item);
    }
    const Items candidates = filtered(meant, [&client](const AppcastItem *item) {
        return systemObjection(*item, client).isEmpty() && wishObjection(*item, client).isEmpty();
    });
    Selection selection;
    for (const AppcastItem *item : candidates)
        selection.candidates.append(item->version);
    const AppcastItem *best = newest(candidates, client.versioning);
    if (compareWithInstalled(best, client) > 0) {
        selection.item = *best;
        selection.reason = u"newer"_s;
    } else {
        selection.reason = appcast.items.isEmpty() ? u"empty-feed"_s : reasonForNone(meant, client);
    }
    return selection;
}

Release toRelease(const AppcastItem &item, const QString &installedVersion, Versioning versioning)
{
    Release release;
    release.setVersion(item.version);
    release.setDisplayVersion(item.shortVersion);
    release.setTitle(item.title);
    release.setChannel(item.channel);
    release.setPublished(item.publishedTime);
    release.setSize(item.enclosure ? item.enclosure->length : 0);
    release.setNotes(item.notes, item.notesFormat);
    release.setNotesUrl(item.notesUrl);
    release.setFullNotesUrl(item.fullNotesUrl);
    release.setLink(item.link);
    release.setCritical(isCriticalFor(item, installedVersion, versioning));
    release.setInformational(!item.enclosure);
    return release;
}

} // namespace Freshen
