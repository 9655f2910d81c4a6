// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The two trailers at the end of a signed feed: Freshen's, then Sparkle's as the last bytes.

#pragma once

#include "updater-helper/trust/root.h"

#include <QByteArray>

#include <span>
#include <vector>

namespace Freshen {

class SecretKey;

enum class FeedTrust { Required, Optional, None };

struct VerifiedFeed {
    QByteArray content; // exactly the bytes that were verified; parse these
    bool isSigned = false; // by Freshen's trailer
    // The raw public key that signed: of several, the one that is trusted first. Empty when
    // unsigned.
    QByteArray signer;
};

// Verifies the raw bytes, before anything parses them. FEED_UNSIGNED, FEED_SIGNATURE; FEED_PARSE
// when the bytes are no feed at all. A signature that is there and wrong fails, unless `trust` is
// None. Freshen's trailer decides, where `threshold` different ones of the keys signed; Sparkle's
// counts where its key is among them.
Result<VerifiedFeed> verifyFeed(const QByteArray &bytes, const std::vector<Trust::PublicKey> &keys,
                                FeedTrust trust, std::size_t threshold = 1);

// Removes old trailers and adds both new ones. All of the keys sign Freshen's, the first signs
// Sparkle's, so it should be the one that plain Sparkle clients know.
QByteArray signFeed(const QByteArray &bytes, std::span<const SecretKey> keys);
QByteArray signFeed(const QByteArray &bytes, const SecretKey &key);
// One more signature, or a new one of the same key, beside those of others, which are kept as they
// are. Sparkle's covers all of Freshen's, so this key signs it anew: the one that plain Sparkle
// clients know comes last. FEED_SIGNATURE when the trailers cannot be read.
Result<QByteArray> addSignature(const QByteArray &feed, const SecretKey &key);
// The feed without its trailers.
QByteArray withoutTrailers(const QByteArray &bytes);

} // namespace Freshen
