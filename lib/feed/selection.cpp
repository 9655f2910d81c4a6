// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/selection.h"

#include <algorithm>
#include <array>
#include <deque>
#include <iterator>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

using Items = QList<const AppcastItem *>;

// What a pass leaves out besides what is not meant for the client.
enum Filter {
    System = 1,
    Skipped = 2,
    Phased = 4,
    Withdrawn = 8,
    Failed = 16,
    Pinned = 32,
    Major = 64,
    AllButMajor = Major - 1,
};

struct Reason {
    Filter filter;
    QLatin1StringView name;
};

// In the order in which the filters are taken away to see which one it was.
constexpr std::array reasons = {
    Reason{System, {}}, // which has several
    Reason{Skipped, "skipped"_L1},
    Reason{Phased, "phased"_L1},
    Reason{Withdrawn, "withdrawn"_L1},
    Reason{Failed, "failed-before"_L1},
    Reason{Pinned, "policy"_L1},
};

class Selector
{
public:
    Selector(const Appcast &appcast, const ClientConditions &client);
    Selection select() const;

private:
    void addIfMeant(const AppcastItem &item);
    bool isHidden(const AppcastItem &item, int filters) const;
    bool isNewer(const AppcastItem *item) const
    {
        return m_client.order(item->version, m_client.installedVersion) > 0;
    }
    Items pass(int filters) const;
    Items newerOf(const Items &items) const;
    const AppcastItem *newest(const Items &items) const;
    QString reasonForNone() const;

    const ClientConditions &m_client;
    const QSet<QString> m_withdrawn;
    Items m_meant;
    std::deque<AppcastItem> m_changed; // items with an enclosure that is not Sparkle's choice
    bool m_isEmpty; // as far as this client understands the feed
};

Selector::Selector(const Appcast &appcast, const ClientConditions &client)
    : m_client(client)
    , m_withdrawn(appcast.withdrawnVersions.begin(), appcast.withdrawnVersions.end())
    , m_isEmpty(std::none_of(appcast.items.begin(), appcast.items.end(),
                             [](const AppcastItem &item) { return item.notUnderstood.isEmpty(); }))
{
    for (const AppcastItem &item : appcast.items)
        addIfMeant(item);
}

void Selector::addIfMeant(const AppcastItem &item)
{
    if (!isMeantFor(item, m_client))
        return;
    if (item.enclosures.size() < 2) {
        m_meant.append(&item);
        return;
    }
    m_changed.push_back(item);
    m_changed.back().use(*enclosureFor(item, m_client));
    m_meant.append(&m_changed.back());
}

Selection Selector::select() const
{
    Items candidates = pass(AllButMajor | Major);
    Items newer = newerOf(candidates);
    if (newer.isEmpty() && !m_client.holdsMajorUpgrades) {
        candidates = pass(AllButMajor);
        newer = newerOf(candidates);
    }
    Selection selection;
    for (const AppcastItem *item : std::as_const(candidates))
        selection.candidates.append(item->version);
    for (const AppcastItem *item : std::as_const(newer))
        selection.newer.append(*item);
    if (!newer.isEmpty())
        selection.item = *newer.constFirst();
    selection.reason = selection.item ? u"newer"_s : reasonForNone();
    return selection;
}

bool Selector::isHidden(const AppcastItem &item, int filters) const
{
    return ((filters & System) && !systemObjection(item, m_client).isEmpty())
        || ((filters & Skipped) && isSkipped(item, m_client))
        || ((filters & Phased) && isPhasedOut(item, m_client))
        || ((filters & Withdrawn) && m_withdrawn.contains(item.version))
        || ((filters & Failed) && m_client.failedVersions.contains(item.version))
        || ((filters & Pinned) && isPinnedOut(item, m_client))
        || ((filters & Major) && m_client.isBelow(item.minimumAutoupdateVersion));
}

Items Selector::pass(int filters) const
{
    Items result;
    std::copy_if(m_meant.begin(), m_meant.end(), std::back_inserter(result),
                 [&](const AppcastItem *item) { return !isHidden(*item, filters); });
    return result;
}

// Newest first; of equals, the first.
Items Selector::newerOf(const Items &items) const
{
    Items newer;
    std::copy_if(items.begin(), items.end(), std::back_inserter(newer),
                 [this](const AppcastItem *item) { return isNewer(item); });
    const auto comesFirst = [this](const AppcastItem *left, const AppcastItem *right) {
        return m_client.order(left->version, right->version) > 0;
    };
    // Most feeds have their items in this order.
    if (!std::is_sorted(newer.begin(), newer.end(), comesFirst))
        std::stable_sort(newer.begin(), newer.end(), comesFirst);
    return newer;
}

// Of equals, the first.
const AppcastItem *Selector::newest(const Items &items) const
{
    const auto best = std::max_element(items.begin(), items.end(),
                                       [this](const AppcastItem *left, const AppcastItem *right) {
                                           return m_client.order(left->version, right->version) < 0;
                                       });
    return best == items.end() ? nullptr : *best;
}

// Takes one filter after the other away and sees which one it was. With no item meant for this
// client there is nothing newer, as far as it is concerned.
QString Selector::reasonForNone() const
{
    if (m_isEmpty)
        return u"empty-feed"_s;
    int filters = AllButMajor;
    if (m_client.holdsMajorUpgrades && !newerOf(pass(filters)).isEmpty())
        return u"major-upgrade-held"_s;
    for (const auto &[filter, name] : reasons) {
        filters &= ~filter;
        const AppcastItem *best = newest(pass(filters));
        if (best && isNewer(best))
            return filter == System ? systemObjection(*best, m_client) : QString(name);
    }
    const AppcastItem *best = newest(m_meant);
    const bool isOlder = best && m_client.order(best->version, m_client.installedVersion) < 0;
    return isOlder ? u"newer-than-feed"_s : u"up-to-date"_s;
}

} // namespace

Selection selectItem(const Appcast &appcast, const ClientConditions &client)
{
    return Selector(appcast, client).select();
}

std::optional<AppcastItem> findInstalled(const Appcast &appcast, const ClientConditions &client)
{
    for (const AppcastItem &item : appcast.items) {
        const AppcastEnclosure *enclosure = enclosureFor(item, client);
        if (client.order(item.version, client.installedVersion) != 0 || !isMeantFor(item, client)
            || !enclosure)
            continue;
        AppcastItem found = item;
        found.use(*enclosure);
        return found;
    }
    return {};
}

Release toRelease(const AppcastItem &item, const QString &installedVersion,
                  const VersionOrder &order)
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
    release.setCritical(isCriticalFor(item, installedVersion, order));
    if (release.isCritical())
        release.setDeadline(item.deadline);
    release.setInformational(isInformationalFor(item, installedVersion, order));
    return release;
}

} // namespace Freshen
