// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/feedtrailers.h"

#include "updater-helper/trust/text.h"

#include <algorithm>

namespace Freshen {

namespace {

using Lines = std::vector<std::string_view>;

constexpr std::string_view closing = "-->";
constexpr std::string_view sparkleSignature = "edSignature: ";
constexpr std::string_view sparkleLength = "length: ";
constexpr std::size_t keyIdSize = 16;
constexpr std::size_t maximumKeys = 16;

tl::unexpected<Error> damaged(std::string_view what)
{
    return failure(ErrorCode::FEED_SIGNATURE,
                   "The feed's signature cannot be read: " + std::string(what)
                       + ". The file was modified in transit or after it was signed.");
}

// The lines between the first and the last, which are fixed and each end in a newline.
std::optional<Lines> linesInside(std::string_view trailer, std::string_view opening)
{
    Lines lines = Trust::splitLines(trailer);
    if (!trailer.ends_with('\n') || lines.size() < 3 || lines.front() != opening
        || lines.back() != closing)
        return {};
    return Lines(lines.begin() + 1, lines.end() - 1);
}

bool isKeyId(std::string_view text)
{
    return text.size() == keyIdSize && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

Result<void> parseFreshen(std::string_view trailer, FeedTrailers &trailers)
{
    const auto lines = linesInside(trailer, FeedTrailers::freshenOpening);
    if (!lines || lines->size() > maximumKeys)
        return damaged("Freshen's block is malformed");
    for (const std::string_view line : *lines) {
        const std::string_view id = line.substr(0, keyIdSize);
        if (!isKeyId(id) || line.substr(keyIdSize, 1) != " ")
            return damaged("Freshen's block is malformed");
        const auto signature = Trust::parseSignature(line.substr(keyIdSize + 1));
        if (!signature)
            return damaged("Freshen's block holds no signature");
        const bool isTwin = std::any_of(
            trailers.freshen.begin(), trailers.freshen.end(),
            [&](const Trust::KeySignature &other) { return other.keyId == id; });
        if (isTwin)
            return damaged("Freshen's block names a key twice");
        trailers.freshen.push_back({std::string(id), *signature});
    }
    return {};
}

Result<void> parseSparkle(std::string_view trailer, FeedTrailers &trailers)
{
    const auto lines = linesInside(trailer, FeedTrailers::sparkleOpening);
    if (!lines || lines->size() != 2 || !lines->at(0).starts_with(sparkleSignature)
        || !lines->at(1).starts_with(sparkleLength))
        return damaged("Sparkle's block is malformed or not the end of the file");
    const auto signature = Trust::parseSignature(lines->at(0).substr(sparkleSignature.size()));
    if (!signature)
        return damaged("Sparkle's block holds no signature");
    if (Trust::parseNumber(lines->at(1).substr(sparkleLength.size())) != trailers.sparkleStart)
        return damaged("the length in Sparkle's block is not that of the feed");
    trailers.sparkle = *signature;
    return {};
}

} // namespace

Result<FeedTrailers> FeedTrailers::parse(std::string_view feed)
{
    // A second one of either, or one inside the document, breaks the grammar of what follows the
    // first.
    const std::size_t freshenAt = feed.find(freshenOpening);
    const std::size_t sparkleAt = feed.find(sparkleOpening);
    const bool hasFreshen = freshenAt != std::string_view::npos;
    FeedTrailers trailers;
    trailers.contentSize = trailers.sparkleStart = feed.size();
    if (!hasFreshen && sparkleAt == std::string_view::npos)
        return trailers;
    if (sparkleAt == std::string_view::npos || (hasFreshen && freshenAt > sparkleAt))
        return damaged("Sparkle's block is missing at the end");
    trailers.sparkleStart = sparkleAt;
    trailers.contentSize = hasFreshen ? freshenAt : sparkleAt;
    if (hasFreshen) {
        const auto parsed = parseFreshen(feed.substr(freshenAt, sparkleAt - freshenAt), trailers);
        if (!parsed)
            return failure(parsed);
    }
    if (const auto parsed = parseSparkle(feed.substr(sparkleAt), trailers); !parsed)
        return failure(parsed);
    return trailers;
}

std::string freshenTrailer(const std::vector<Trust::KeySignature> &signatures)
{
    std::string text(FeedTrailers::freshenOpening);
    for (const auto &[keyId, signature] : signatures)
        text += "\n" + keyId + " " + Trust::toBase64(signature.data(), signature.size());
    return text.append("\n").append(closing).append("\n");
}

std::string sparkleTrailer(const Trust::Signature &signature, std::size_t signedSize)
{
    std::string text(FeedTrailers::sparkleOpening);
    text.append("\n").append(sparkleSignature);
    text += Trust::toBase64(signature.data(), signature.size());
    text.append("\n").append(sparkleLength).append(std::to_string(signedSize));
    return text.append("\n").append(closing).append("\n");
}

} // namespace Freshen
