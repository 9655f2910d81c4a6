// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Whether apps in the field could go on to what is published. Each knows the keys, or the root, of
// its own freshen.json, and nothing else.

#pragma once

#include "appcast-tools/foundpackage.h"
#include "lib/feed/appcast.h"
#include "lib/package/appdescription.h"
#include "updater-helper/trust/root.h"

namespace Freshen {

class Bridges
{
public:
    // Reads what the versions in the packages know; `roots` is the folder's chain.
    static Result<Bridges> read(const QList<FoundPackage> &packages,
                                const std::vector<Trust::SignedRoot> &roots);

    // The oldest version from which on all that are there know this package's key; empty where all
    // older ones know it, or none does. Those below have to see an older release first.
    QString firstThatKnows(const FoundPackage &package) const;

    // NO_BRIDGE, with the version named, when one that is not older than `supportedFrom` could not
    // verify a feed that these keys signed, or the release in it that it would be offered.
    Result<void> require(const Appcast &feed, const std::vector<Trust::PublicKey> &feedSigners,
                         const QString &supportedFrom) const;

private:
    struct Installed {
        FoundPackage package;
        AppDescription description;
        Trust::RootRole feed; // whom it believes a feed
        std::vector<Trust::PublicKey> release; // and a package
    };

    static Result<Installed> installedFrom(const FoundPackage &package,
                                           const std::vector<Trust::SignedRoot> &roots);
    Result<void> requireFor(const Installed &installed, const Appcast &feed,
                            const std::vector<Trust::PublicKey> &feedSigners) const;
    const FoundPackage *packageOf(const AppcastItem &item) const;

    std::vector<Installed> m_installed;
};

} // namespace Freshen
