// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/signingauthority.h"

#include "appcast-tools/rootchain.h"
#include "lib/common/convert.h"

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

using PublicKeys = std::vector<Trust::PublicKey>;

bool contains(const PublicKeys &keys, const Trust::PublicKey &key)
{
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

Result<PublicKeys> formerKeys(const CommandLine &line)
{
    PublicKeys keys;
    for (const QString &text : line.values(u"old-public-key"_s)) {
        const auto key = publicKeyFrom(text);
        if (!key)
            return failure(key);
        keys.push_back(*key);
    }
    return keys;
}

Result<void> requireThreshold(const Trust::RootRole &role, const PublicKeys &signers,
                              bool isPartlySigned)
{
    const std::size_t missing = missingFeedSignatures(role, signers);
    if (missing == role.threshold)
        return failure(ErrorCode::KEY,
                       "None of the keys may sign the feed, says the newest root. "
                       "Sign with one of its feed keys, or rotate.");
    if (missing == 0 || isPartlySigned)
        return {};
    return failure(
        ErrorCode::KEY,
        u"The newest root wants %1 keys to sign the feed, and %2 of them are missing. "
        "Give more with --feed-key; or write it with --partly-signed, and let others add "
        "theirs with \"sign --add\"."_s.arg(role.threshold)
            .arg(missing));
}

} // namespace

Result<SigningKeys> SigningKeys::forPackages(const CommandLine &line)
{
    SigningKeys keys;
    for (const QString &source : line.values(u"feed-key"_s) + line.values(u"key"_s).mid(0, 1)) {
        auto key = SecretKey::read(source);
        if (!key)
            return failure(key);
        keys.m_keys.push_back(std::move(*key));
    }
    keys.m_feedCount = std::max<std::size_t>(keys.m_keys.size() - 1, 1);
    return keys;
}

Result<SigningKeys> SigningKeys::forFeed(const CommandLine &line)
{
    SigningKeys keys;
    for (const QString &source : line.values(u"key"_s)) {
        auto key = SecretKey::read(source);
        if (!key)
            return failure(key);
        keys.m_keys.push_back(std::move(*key));
    }
    keys.m_feedCount = keys.m_keys.size();
    return keys;
}

std::vector<const SecretKey *> SigningKeys::all() const
{
    std::vector<const SecretKey *> keys;
    for (const SecretKey &key : m_keys)
        keys.push_back(&key);
    return keys;
}

PublicKeys SigningKeys::feedPublicKeys() const
{
    PublicKeys keys;
    for (const SecretKey &key : feed())
        keys.push_back(key.publicKey());
    return keys;
}

QCommandLineOption feedKeyOption()
{
    return {u"feed-key"_s,
            u"A secret key that signs the feed, where that is not K (repeatable). The first also "
            "signs for plain Sparkle clients."_s,
            u"F"_s};
}

QCommandLineOption oldPublicKeyOption()
{
    return {u"old-public-key"_s,
            u"A key that signed what is there already, if it is another one (repeatable)."_s,
            u"P"_s};
}

QCommandLineOption partlySignedOption()
{
    return {u"partly-signed"_s,
            u"Writes the feed although others have still to sign it, with \"sign --add\"."_s};
}

Result<SigningAuthority> SigningAuthority::in(const QString &folder, const SigningKeys &keys,
                                              const CommandLine &line)
{
    auto chain = readRootChain(folder);
    if (!chain)
        return failure(chain);
    const auto former = formerKeys(line);
    if (!former)
        return failure(former);
    const PublicKeys signers = keys.feedPublicKeys();
    SigningAuthority authority;
    authority.roots = std::move(*chain);
    authority.feed = {1, signers};
    authority.packages = *former;
    authority.packages.push_back(keys.release().publicKey());
    if (!former->empty())
        authority.formerFeeds.push_back({1, *former});
    for (auto root = authority.roots.rbegin(); root != authority.roots.rend(); ++root) {
        authority.formerFeeds.push_back(root->root.feed);
        const PublicKeys &release = root->root.release.keys;
        authority.packages.insert(authority.packages.end(), release.begin(), release.end());
    }
    if (authority.roots.empty()) {
        authority.formerFeeds.push_back(authority.feed);
        return authority;
    }
    const Trust::Root &newest = authority.roots.back().root;
    if (auto current = requireUnexpired(newest); !current)
        return failure(current);
    authority.feed = newest.feed;
    const bool isPartlySigned = line.isSet(u"partly-signed"_s);
    if (auto enough = requireThreshold(newest.feed, signers, isPartlySigned); !enough)
        return failure(enough);
    authority.neededSignatures = newest.feed.threshold
        - missingFeedSignatures(newest.feed, signers);
    return authority;
}

QStringList signatureWarnings(const SigningAuthority &authority, const SigningKeys &keys)
{
    const std::size_t missing = missingFeedSignatures(authority.feed, keys.feedPublicKeys());
    if (missing == 0)
        return {};
    return {u"Do not publish the feed yet: %1 more of the feed keys have to sign it, with "
            "\"sign --add\"."_s.arg(missing)};
}

std::size_t missingFeedSignatures(const Trust::RootRole &role, const PublicKeys &signers)
{
    const auto count = std::size_t(
        std::count_if(role.keys.begin(), role.keys.end(),
                      [&](const Trust::PublicKey &key) { return contains(signers, key); }));
    return role.threshold - std::min(role.threshold, count);
}

} // namespace Freshen
