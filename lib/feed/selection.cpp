// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/selection.h"

#include <algorithm>
#include <deque>
#include <iterator>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

using Items = QList<const AppcastItem *>;

bool isCriticalFor(const AppcastItem &item, const QString &installedVersion, Versioning versioning)
{
    return item.isCritical
        && (item.criticalBelow.isEmpty()
            || compareVersions(installedVersion, item.criticalBelow, versioning) < 0);
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

class Selector
{
public:
    Selector(const Appcast &appcast, const ClientConditions &client);
    Selection select() const;

private:
    // What a pass leaves out besides.
    enum Filter { System = 1, Skipped = 2, Phased = 4, Failed = 8, Major = 16 };
    static constexpr int all = System | Skipped | Phased | Failed;

    int compare(const QString &left, const QString &right) const
    {
        return compareVersions(left, right, m_client.versioning);
    }
    bool isBelow(const QString &limit) const
    {
        return !limit.isEmpty() && compare(m_client.installedVersion, limit) < 0;
    }
    void addIfMeant(const AppcastItem &item);
    bool isHidden(const AppcastItem &item, int filters) const;
    QString systemObjection(const AppcastItem &item) const;
    bool isSkipped(const AppcastItem &item) const;
    bool isSkippedMajor(const AppcastItem &item) const;
    bool isPhasedOut(const AppcastItem &item) const;
    Items pass(int filters) const;
    const AppcastItem *newest(const Items &items) const;
    const AppcastItem *newerIn(int filters) const;
    QString reasonForNone() const;

    const ClientConditions &m_client;
    Items m_meant;
    std::deque<AppcastItem> m_changed; // items with an enclosure that is not Sparkle's choice
    bool m_isEmpty;
};

Selector::Selector(const Appcast &appcast, const ClientConditions &client)
    : m_client(client)
    , m_isEmpty(appcast.items.isEmpty())
{
    for (const AppcastItem &item : appcast.items)
        addIfMeant(item);
}

// Keeps what is meant for clients like this one at all.
void Selector::addIfMeant(const AppcastItem &item)
{
    const bool hasChannel = item.channel.isEmpty() || m_client.channels.contains(item.channel);
    if (!hasChannel || isBelow(item.minimumUpdateVersion))
        return;
    if (!item.enclosure) {
        if (fitsOs({}, m_client))
            m_meant.append(&item);
        return;
    }
    const AppcastEnclosure *enclosure = enclosureFor(item, m_client);
    if (!enclosure)
        return;
    if (item.enclosures.size() < 2) {
        m_meant.append(&item);
        return;
    }
    m_changed.push_back(item);
    m_changed.back().use(*enclosure);
    m_meant.append(&m_changed.back());
}

Selection Selector::select() const
{
    Items candidates = pass(all | Major);
    const AppcastItem *best = newest(candidates);
    const auto isNewer = [this](const AppcastItem *item) {
        return item && compare(item->version, m_client.installedVersion) > 0;
    };
    if (!isNewer(best) && !m_client.holdsMajorUpgrades) {
        candidates = pass(all);
        best = newest(candidates);
    }
    Selection selection;
    for (const AppcastItem *item : candidates)
        selection.candidates.append(item->version);
    if (isNewer(best))
        selection.item = *best;
    selection.reason = selection.item ? u"newer"_s : reasonForNone();
    return selection;
}

bool Selector::isHidden(const AppcastItem &item, int filters) const
{
    return ((filters & System) && !systemObjection(item).isEmpty())
        || ((filters & Skipped) && (isSkipped(item) || isSkippedMajor(item)))
        || ((filters & Phased) && isPhasedOut(item))
        || ((filters & Failed) && m_client.failedVersions.contains(item.version))
        || ((filters & Major) && isBelow(item.minimumAutoupdateVersion));
}

// Why this system cannot run it; empty when it can.
QString Selector::systemObjection(const AppcastItem &item) const
{
    // macOS 27 is the first that has no build for Intel.
    const bool isForArmMacs = m_client.os == "macos"_L1 && !item.minimumSystemVersion.isEmpty()
        && compareVersions(item.minimumSystemVersion, u"27.0"_s) >= 0;
    if ((item.needsArm64 || isForArmMacs) && m_client.arch != "arm64"_L1)
        return u"hardware"_s;
    // Linux has no version that feeds could mean.
    if (m_client.os == "linux"_L1 || m_client.osVersion.isEmpty())
        return {};
    const QString &minimum = item.minimumSystemVersion;
    const QString &maximum = item.maximumSystemVersion;
    if (!minimum.isEmpty() && compareVersions(m_client.osVersion, minimum) < 0)
        return u"os-too-old"_s;
    if (!maximum.isEmpty() && compareVersions(m_client.osVersion, maximum) > 0)
        return u"os-too-new"_s;
    return {};
}

// Who skipped a version is not offered older ones either.
bool Selector::isSkipped(const AppcastItem &item) const
{
    return std::any_of(m_client.skippedVersions.begin(), m_client.skippedVersions.end(),
                       [&](const QString &skipped) { return compare(skipped, item.version) >= 0; });
}

bool Selector::isSkippedMajor(const AppcastItem &item) const
{
    const QString &forgotten = item.ignoreSkippedUpgradesBelow;
    const QString &subrelease = m_client.skippedMajorSubrelease;
    return isBelow(m_client.skippedMajorVersion) && !item.minimumAutoupdateVersion.isEmpty()
        && compare(m_client.skippedMajorVersion, item.minimumAutoupdateVersion) >= 0
        && (forgotten.isEmpty() || (!subrelease.isEmpty() && compare(subrelease, forgotten) >= 0));
}

// The turn of this client's group has not come yet.
bool Selector::isPhasedOut(const AppcastItem &item) const
{
    if (!m_client.rolloutGroup || item.phasedRolloutInterval == 0 || !item.publishedTime.isValid()
        || isCriticalFor(item, m_client.installedVersion, m_client.versioning))
        return false;
    const qint64 wait = qint64(item.phasedRolloutInterval) * *m_client.rolloutGroup;
    return item.publishedTime.secsTo(m_client.now) < wait;
}

Items Selector::pass(int filters) const
{
    Items result;
    std::copy_if(m_meant.begin(), m_meant.end(), std::back_inserter(result),
                 [&](const AppcastItem *item) { return !isHidden(*item, filters); });
    return result;
}

// Of equals, the first.
const AppcastItem *Selector::newest(const Items &items) const
{
    const auto best = std::max_element(items.begin(), items.end(),
                                       [this](const AppcastItem *left, const AppcastItem *right) {
                                           return compare(left->version, right->version) < 0;
                                       });
    return best == items.end() ? nullptr : *best;
}

// The newest of a pass, when it is newer than what is installed.
const AppcastItem *Selector::newerIn(int filters) const
{
    const AppcastItem *best = newest(pass(filters));
    return best && compare(best->version, m_client.installedVersion) > 0 ? best : nullptr;
}

// Takes one filter after the other away and sees which one it was. With no item meant for this
// client there is nothing newer, as far as it is concerned.
QString Selector::reasonForNone() const
{
    if (m_isEmpty)
        return u"empty-feed"_s;
    if (m_client.holdsMajorUpgrades && newerIn(all))
        return u"major-upgrade-held"_s;
    if (const AppcastItem *item = newerIn(all & ~System))
        return systemObjection(*item);
    if (newerIn(Phased | Failed))
        return u"skipped"_s;
    if (newerIn(Failed))
        return u"phased"_s;
    if (newerIn(0))
        return u"failed-before"_s;
    const AppcastItem *best = newest(m_meant);
    return best && compare(best->version, m_client.installedVersion) < 0 ? u"newer-than-feed"_s
                                                                         : u"up-to-date"_s;
}

} // namespace

bool isMajorUpgradeFor(const AppcastItem &item, const QString &installedVersion,
                       Versioning versioning)
{
    return !item.minimumAutoupdateVersion.isEmpty()
        && compareVersions(installedVersion, item.minimumAutoupdateVersion, versioning) < 0;
}

bool isInformationalFor(const AppcastItem &item, const QString &installedVersion,
                        Versioning versioning)
{
    if (!item.enclosure)
        return true;
    if (!item.isInformational || item.link.isEmpty())
        return false;
    const QString &below = item.informationalBelow;
    if (item.informationalVersions.isEmpty() && below.isEmpty())
        return true;
    return item.informationalVersions.contains(installedVersion)
        || (!below.isEmpty() && compareVersions(installedVersion, below, versioning) < 0);
}

Selection selectItem(const Appcast &appcast, const ClientConditions &client)
{
    return Selector(appcast, client).select();
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
    release.setInformational(isInformationalFor(item, installedVersion, versioning));
    return release;
}

} // namespace Freshen
