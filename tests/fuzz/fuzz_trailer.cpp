// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Any bytes as a feed with trailers: of all that can be read, only a feed that was really signed
// counts as signed, and its content is what was signed.

#include "lib/common/convert.h"
#include "lib/feed/feedsignature.h"
#include "lib/feed/feedtrailers.h"
#include "lib/signing/secretkey.h"
#include "tests/fuzz/fuzztarget.h"

#include "updater-helper/trust/text.h"

using namespace Freshen;

namespace {

// The feed in corpus/trailer/signed.xml, signed here with the same key.
struct Genuine {
    SecretKey key;
    std::vector<Trust::PublicKey> keys;
    QByteArray content;
    QByteArray feed;
};

Genuine signGenuine()
{
    auto key = SecretKey::parse("YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=");
    require(key.has_value(), "the key is one");
    const std::vector<Trust::PublicKey> keys = {key->publicKey()};
    const QByteArray content = "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel/></rss>\n";
    const QByteArray feed = signFeed(content, *key);
    require(verifyFeed(feed, keys, FeedTrust::Required).has_value(), "the genuine one verifies");
    return {std::move(*key), keys, content, feed};
}

// The only spelling of what was read.
std::string written(const FeedTrailers &trailers)
{
    std::string text;
    if (!trailers.freshen.empty()) {
        text += std::string(FeedTrailers::freshenOpening) + '\n';
        for (const auto &[id, signature] : trailers.freshen)
            text += id + ' ' + Trust::toBase64(signature.data(), signature.size()) + '\n';
        text += "-->\n";
    }
    if (trailers.sparkle)
        text += sparkleTrailer(*trailers.sparkle, trailers.sparkleStart);
    return text;
}

void requireGenuine(const VerifiedFeed &feed, const Genuine &genuine)
{
    require(feed.content == genuine.content, "what verifies is what was signed");
    require(toBytes(feed.signer).size() == 32, "the signer is named");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const Genuine genuine = signGenuine();
    const QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    const auto trailers = FeedTrailers::parse(toView(bytes));
    if (trailers) {
        require(trailers->contentSize <= trailers->sparkleStart && trailers->sparkleStart <= size,
                "trailers stand behind the content");
        require(toView(bytes).substr(trailers->contentSize) == written(*trailers),
                "trailers have one form only");
        require(trailers->freshen.size() <= 16, "nobody has to try many signatures");
    }
    const auto strict = verifyFeed(bytes, genuine.keys, FeedTrust::Required);
    if (strict)
        requireGenuine(*strict, genuine);
    const auto lenient = verifyFeed(bytes, genuine.keys, FeedTrust::Optional);
    require(!strict || lenient, "what a strict client accepts, every client does");
    if (lenient && lenient->isSigned)
        requireGenuine(*lenient, genuine);
    if (lenient)
        require(trailers.has_value(), "trailers that cannot be read are never passed over");
    const QByteArray bare = withoutTrailers(bytes);
    require(bytes.startsWith(bare), "without its trailers it is its beginning");
    return 0;
}
