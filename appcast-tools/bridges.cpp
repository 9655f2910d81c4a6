// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/bridges.h"

#include "appcast-tools/signingauthority.h"
#include "lib/common/convert.h"
#include "lib/feed/selection.h"
#include "lib/package/packagereader.h"

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

bool contains(const std::vector<Trust::PublicKey> &keys, const Trust::PublicKey &key)
{
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

VersionOrder orderOf(const AppDescription &description)
{
    return versionOrder(description.versioning == u"semver"_s ? Versioning::SemVer
                                                              : Versioning::Sparkle);
}

bool isSameSystem(const FoundPackage &left, const FoundPackage &right)
{
    return left.manifest.os == right.manifest.os && left.manifest.arch == right.manifest.arch;
}

tl::unexpected<Error> noBridge(const QString &version, const QString &why)
{
    return failure(ErrorCode::NO_BRIDGE,
                   u"Version %1 %2, and would never be updated again. Publish a bridge first: a "
                   u"release that is "
                   "packed with the old key and names both keys (pack --public-key OLD "
                   "--public-key NEW), in a "
                   "feed that both sign (--feed-key). Or end the support of such versions with "
                   "--supported-from V."_s.arg(shown(version), why));
}

// The root that an app which begins at `first` ends at; nothing where the way is broken.
const Trust::Root *newestFor(const Trust::Root &first, const std::vector<Trust::SignedRoot> &chain)
{
    if (chain.empty())
        return &first;
    const bool isInChain = first.version <= chain.size()
        && chain[first.version - 1].root.toText() == first.toText();
    return isInChain ? &chain.back().root : nullptr;
}

} // namespace

Result<Bridges> Bridges::read(const QList<FoundPackage> &packages,
                              const std::vector<Trust::SignedRoot> &roots)
{
    Bridges bridges;
    for (const FoundPackage &package : packages) {
        auto installed = installedFrom(package, roots);
        if (!installed)
            return failure(installed);
        bridges.m_installed.push_back(std::move(*installed));
    }
    return bridges;
}

Result<Bridges::Installed> Bridges::installedFrom(const FoundPackage &package,
                                                  const std::vector<Trust::SignedRoot> &roots)
{
    const auto json = readPackageFile(package.path, package.manifest, AppDescription::fileName);
    if (!json)
        return failure(json);
    auto description = AppDescription::parse(*json);
    if (!description)
        return failure(description.error().code,
                       u"%1: %2"_s.arg(package.path, toQString(description.error().message)));
    auto keys = description->keys();
    if (!keys)
        return failure(keys);
    Installed installed;
    installed.package = package;
    installed.description = std::move(*description);
    installed.feed.keys = installed.release = *keys;
    if (const auto &root = installed.description.root) {
        const Trust::Root *newest = newestFor(root->root, roots);
        // Where the way is broken it believes nobody: no key at all.
        installed.feed = newest ? newest->feed : Trust::RootRole();
        installed.release = newest ? newest->release.keys : std::vector<Trust::PublicKey>();
    }
    return installed;
}

QString Bridges::firstThatKnows(const FoundPackage &package) const
{
    std::vector<const Installed *> older;
    for (const Installed &installed : m_installed) {
        const auto order = orderOf(installed.description);
        if (isSameSystem(installed.package, package)
            && order(installed.description.version, toQString(package.manifest.version)) < 0)
            older.push_back(&installed);
    }
    std::sort(older.begin(), older.end(), [](const Installed *left, const Installed *right) {
        return orderOf(left->description)(left->description.version, right->description.version)
            > 0;
    });
    const auto stranger = std::find_if(older.begin(), older.end(), [&](const Installed *installed) {
        return !contains(installed->release, package.signer);
    });
    if (stranger == older.begin() || stranger == older.end())
        return {};
    return (*std::prev(stranger))->description.version;
}

const FoundPackage *Bridges::packageOf(const AppcastItem &item) const
{
    const QString name = item.enclosure ? item.enclosure->url.fileName() : QString();
    const auto found = std::find_if(
        m_installed.begin(), m_installed.end(),
        [&](const Installed &installed) { return installed.package.fileName == name; });
    return found == m_installed.end() ? nullptr : &found->package;
}

Result<void> Bridges::require(const Appcast &feed, const std::vector<Trust::PublicKey> &feedSigners,
                              const QString &supportedFrom) const
{
    for (const Installed &installed : m_installed) {
        const AppDescription &description = installed.description;
        if (!supportedFrom.isEmpty()
            && orderOf(description)(description.version, supportedFrom) < 0)
            continue;
        if (auto can = requireFor(installed, feed, feedSigners); !can)
            return can;
    }
    return {};
}

Result<void> Bridges::requireFor(const Installed &installed, const Appcast &feed,
                                 const std::vector<Trust::PublicKey> &feedSigners) const
{
    const QString version = installed.description.version;
    if (missingFeedSignatures(installed.feed, feedSigners) > 0)
        return noBridge(version,
                        u"could not verify this feed: it does not know the keys that "
                        "sign it"_s);
    ClientConditions client;
    client.installedVersion = version;
    client.os = toQString(installed.package.manifest.os);
    client.arch = toQString(installed.package.manifest.arch);
    client.channels = {toQString(installed.package.manifest.channel)};
    client.order = orderOf(installed.description);
    const Selection offered = selectItem(feed, client);
    const FoundPackage *package = offered.item ? packageOf(*offered.item) : nullptr;
    if (package && !contains(installed.release, package->signer))
        return noBridge(
            version,
            u"would be offered %1, whose key it does not know"_s.arg(shown(offered.item->version)));
    return {};
}

} // namespace Freshen
