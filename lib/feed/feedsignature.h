// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The two trailers at the end of a signed feed: Freshen's, then Sparkle's as the last bytes.

#pragma once

#include "platform/result.h"
#include "updater-helper/trust/publickey.h"

#include <QByteArray>

#include <vector>

namespace Freshen {

class SecretKey;

enum class FeedTrust { Required, Optional, None };

struct VerifiedFeed {
    QByteArray content; // exactly the bytes that were verified; parse these
    bool isSigned = false; // by Freshen's trailer
    QByteArray signer; // the raw public key that signed; empty when unsigned
};

// Verifies the raw bytes, before anything parses them. FEED_UNSIGNED, FEED_SIGNATURE; FEED_PARSE
// when the bytes are no feed at all. A signature that is there and wrong fails, unless `trust` is
// None. Freshen's trailer decides; Sparkle's counts where its key is among `keys`.
Result<VerifiedFeed> verifyFeed(const QByteArray &bytes, const std::vector<Trust::PublicKey> &keys,
                                FeedTrust trust);

// Removes old trailers and adds both new ones.
QByteArray signFeed(const QByteArray &bytes, const SecretKey &key);
// The feed without its trailers.
QByteArray withoutTrailers(const QByteArray &bytes);

} // namespace Freshen
