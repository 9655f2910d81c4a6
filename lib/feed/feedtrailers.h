// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Where the trailers of a feed are and what stands in them. Nothing is verified here.

#pragma once

#include "updater-helper/trust/root.h"

#include <optional>
#include <string_view>
#include <vector>

namespace Freshen {

struct FeedTrailers {
    static constexpr std::string_view freshenOpening = "<!-- freshen-signatures:";
    static constexpr std::string_view sparkleOpening = "<!-- sparkle-signatures:";

    std::size_t contentSize = 0; // what Freshen's signatures are over, the context left out
    std::size_t sparkleStart = 0; // what Sparkle's signature is over
    std::vector<Trust::KeySignature> freshen; // empty: no such trailer
    std::optional<Trust::Signature> sparkle;

    // The exact grammar, at the end of the feed, each trailer at most once; anything else that
    // looks like one is FEED_SIGNATURE. Freshen's is followed by Sparkle's.
    static Result<FeedTrailers> parse(std::string_view feed);
};

std::string freshenTrailer(const std::vector<Trust::KeySignature> &signatures);
std::string sparkleTrailer(const Trust::Signature &signature, std::size_t signedSize);

} // namespace Freshen
