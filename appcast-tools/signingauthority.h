// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Who signs a feed and its packages, and who may.

#pragma once

#include "appcast-tools/publisher.h"
#include "updater-helper/trust/root.h"

#include <span>

namespace Freshen {

// The secret keys of a command line.
class SigningKeys
{
public:
    // Of `generate`: --key signs packages, and the feed where no --feed-key is given.
    static Result<SigningKeys> forPackages(const CommandLine &line);
    // Of `refresh`: each --key signs the feed, and there are no new packages.
    static Result<SigningKeys> forFeed(const CommandLine &line);

    std::span<const SecretKey> feed() const { return std::span(m_keys).first(m_feedCount); }
    const SecretKey &release() const { return m_keys.back(); }
    std::vector<const SecretKey *> all() const;
    std::vector<Trust::PublicKey> feedPublicKeys() const;

private:
    std::vector<SecretKey> m_keys; // those for the feed first, that for packages last
    std::size_t m_feedCount = 0;
};

// --feed-key, --old-public-key and --partly-signed.
QCommandLineOption feedKeyOption();
QCommandLineOption oldPublicKeyOption();
QCommandLineOption partlySignedOption();

// What the newest root in the feed's folder says; without roots, the keys of the command line may
// sign everything.
struct SigningAuthority {
    std::vector<Trust::SignedRoot> roots; // the verified chain
    Trust::RootRole feed; // who has to sign the feed
    std::vector<Trust::RootRole> formerFeeds; // whose feeds are the publisher's own, too
    std::vector<Trust::PublicKey> packages; // whose packages are

    // The least a feed needs to be written: a part of the signatures, where others add theirs.
    std::size_t neededSignatures = 1;

    quint64 rootVersion() const { return roots.empty() ? 0 : roots.back().root.version; }
    // ROOT_CHAIN, ROOT_EXPIRED; KEY when these keys may not sign, or are too few.
    static Result<SigningAuthority> in(const QString &folder, const SigningKeys &keys,
                                       const CommandLine &line);
};

// What others have still to do after these keys signed; nothing where they suffice.
QStringList signatureWarnings(const SigningAuthority &authority, const SigningKeys &keys);
// How many keys have still to sign the feed after these did.
std::size_t missingFeedSignatures(const Trust::RootRole &role,
                                  const std::vector<Trust::PublicKey> &signers);

} // namespace Freshen
