// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/feedsignature.h"

#include "lib/common/convert.h"
#include "lib/feed/feedtrailers.h"
#include "lib/signing/secretkey.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace Freshen {

namespace {

using Keys = std::vector<Trust::PublicKey>;

// A signature over a feed is worth nothing for any other purpose.
constexpr std::string_view context = "freshen-feed-1\n";

Platform::Bytes asBytes(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()};
}

std::string feedMessage(std::string_view content)
{
    return std::string(context).append(content);
}

void skipBlanks(std::string_view &text)
{
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

// Steps over "<?…?>" or "<!--…-->" at the beginning.
bool skipAside(std::string_view &text, std::string_view opening, std::string_view end)
{
    if (!text.starts_with(opening))
        return false;
    const std::size_t at = text.find(end, opening.size());
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
    return true;
}

// What follows the XML declaration, comments and blanks.
std::string_view rootOf(std::string_view text)
{
    if (text.starts_with("\xef\xbb\xbf"))
        text.remove_prefix(3);
    do
        skipBlanks(text);
    while (skipAside(text, "<?", "?>") || skipAside(text, "<!--", "-->"));
    return text;
}

bool startsWithIgnoringCase(std::string_view text, std::string_view lowerCase)
{
    return text.size() >= lowerCase.size()
        && std::equal(lowerCase.begin(), lowerCase.end(), text.begin(), [](char a, char b) {
               return a == std::tolower(static_cast<unsigned char>(b));
           });
}

// A document type passes, unless it is HTML's: the reader says what is wrong with it.
bool looksLikeFeed(std::string_view bytes)
{
    std::string_view root = rootOf(bytes);
    if (startsWithIgnoringCase(root, "<!doctype")) {
        root.remove_prefix(std::string_view("<!doctype").size());
        skipBlanks(root);
        return !startsWithIgnoringCase(root, "html");
    }
    constexpr std::string_view rss = "<rss";
    return root.starts_with(rss) && root.size() > rss.size()
        && std::string_view(" \t\r\n>/").find(root[rss.size()]) != std::string_view::npos;
}

const Trust::PublicKey *signerOf(std::string_view message, const Trust::Signature &signature,
                                 const Keys &keys)
{
    const auto found = std::find_if(keys.begin(), keys.end(), [&](const Trust::PublicKey &key) {
        return key.verify(asBytes(message), signature);
    });
    return found == keys.end() ? nullptr : &*found;
}

bool hasKeyId(const Keys &keys, std::string_view id)
{
    return std::any_of(keys.begin(), keys.end(),
                       [&](const Trust::PublicKey &key) { return key.idHex() == id; });
}

VerifiedFeed signedFeed(std::string_view content, const Trust::PublicKey &signer)
{
    const auto &key = signer.bytes();
    return {QByteArray(content.data(), qsizetype(content.size())), true,
            QByteArray(reinterpret_cast<const char *>(key.data()), qsizetype(key.size()))};
}

// Those of the keys that signed, each once, however often its signature stands there. A signature
// in the name of a trusted key must not be wrong.
Result<std::set<const Trust::PublicKey *>> signersOf(const std::string &message,
                                                     const FeedTrailers &trailers,
                                                     const Keys &keys)
{
    std::set<const Trust::PublicKey *> signers; // in the order of the keys
    for (const auto &[keyId, signature] : trailers.freshen) {
        const Trust::PublicKey *key = signerOf(message, signature, keys);
        if (key)
            signers.insert(key);
        else if (hasKeyId(keys, keyId))
            return failure(ErrorCode::FEED_SIGNATURE,
                           "The feed's signature by key " + keyId
                               + " does not fit: the file was modified after it was signed.");
    }
    return signers;
}

Result<VerifiedFeed> verifyFreshen(std::string_view feed, const FeedTrailers &trailers,
                                   const Keys &keys, std::size_t threshold)
{
    const std::string_view content = feed.substr(0, trailers.contentSize);
    const auto signers = signersOf(feedMessage(content), trailers, keys);
    if (!signers)
        return failure(signers);
    if (signers->empty())
        return failure(ErrorCode::FEED_SIGNATURE,
                       "The feed is signed with key " + trailers.freshen.front().keyId
                           + ", which is none of the trusted keys.");
    if (signers->size() < threshold)
        return failure(ErrorCode::FEED_SIGNATURE,
                       "The feed is signed with " + std::to_string(signers->size()) + " of the "
                           + std::to_string(threshold)
                           + " keys that have to sign it. Its publisher has to sign it with more.");
    return signedFeed(content, **signers->begin());
}

// A feed with Sparkle's trailer alone counts as unsigned, but must not be wrong.
Result<VerifiedFeed> verifySparkle(std::string_view feed, const FeedTrailers &trailers,
                                   const Keys &keys)
{
    const std::string_view content = feed.substr(0, trailers.sparkleStart);
    if (!signerOf(content, *trailers.sparkle, keys))
        return failure(ErrorCode::FEED_SIGNATURE,
                       "The feed's Sparkle signature fits none of the trusted keys, or the file "
                       "was modified after it was signed.");
    return VerifiedFeed{QByteArray(content.data(), qsizetype(content.size())), false, {}};
}

Result<VerifiedFeed> verifySignatures(const QByteArray &bytes, const Keys &keys,
                                      std::size_t threshold)
{
    const auto trailers = FeedTrailers::parse(toView(bytes));
    if (!trailers)
        return failure(trailers);
    if (!trailers->freshen.empty())
        return verifyFreshen(toView(bytes), *trailers, keys, threshold);
    if (trailers->sparkle)
        return verifySparkle(toView(bytes), *trailers, keys);
    return VerifiedFeed{bytes, false, {}};
}

Trust::KeySignature signatureOver(const QByteArray &content, const SecretKey &key)
{
    return {key.publicKey().idHex(), key.sign(asBytes(feedMessage(toView(content))))};
}

QByteArray withTrailers(const QByteArray &content,
                        const std::vector<Trust::KeySignature> &signatures,
                        const SecretKey &sparkleKey)
{
    const QByteArray feed = content + QByteArray::fromStdString(freshenTrailer(signatures));
    const auto signature = sparkleKey.sign(toBytes(feed));
    return feed + QByteArray::fromStdString(sparkleTrailer(signature, std::size_t(feed.size())));
}

bool hasTrailer(const QByteArray &bytes)
{
    return toView(bytes).find(FeedTrailers::freshenOpening) != std::string_view::npos
        || toView(bytes).find(FeedTrailers::sparkleOpening) != std::string_view::npos;
}

} // namespace

Result<VerifiedFeed> verifyFeed(const QByteArray &bytes, const Keys &keys, FeedTrust trust,
                                std::size_t threshold)
{
    // What carries a signature is judged by it alone: a changed byte is never "no feed".
    if ((trust == FeedTrust::None || !hasTrailer(bytes)) && !looksLikeFeed(toView(bytes)))
        return failure(ErrorCode::FEED_PARSE,
                       "The answer is not an update feed. Check the feed's address; some networks "
                       "put a login page in front.");
    auto verified = verifySignatures(bytes, keys, threshold);
    if (trust == FeedTrust::None)
        return verified ? verified : VerifiedFeed{bytes, false, {}};
    if (trust == FeedTrust::Required && verified && !verified->isSigned)
        return failure(ErrorCode::FEED_UNSIGNED,
                       hasTrailer(bytes)
                           ? "The feed carries Sparkle's signature only, and this app requires "
                             "Freshen's. Sign it with freshen-appcast."
                           : "The feed carries no signature, and this app requires one. Sign it "
                             "with freshen-appcast.");
    return verified;
}

QByteArray signFeed(const QByteArray &bytes, std::span<const SecretKey> keys)
{
    QByteArray content = withoutTrailers(bytes);
    if (!content.endsWith('\n'))
        content += '\n';
    std::vector<Trust::KeySignature> signatures;
    for (const SecretKey &key : keys)
        signatures.push_back(signatureOver(content, key));
    return withTrailers(content, signatures, keys.front());
}

QByteArray signFeed(const QByteArray &bytes, const SecretKey &key)
{
    return signFeed(bytes, std::span(&key, 1));
}

Result<QByteArray> addSignature(const QByteArray &feed, const SecretKey &key)
{
    auto trailers = FeedTrailers::parse(toView(feed));
    if (!trailers)
        return failure(trailers);
    if (trailers->freshen.empty())
        return signFeed(feed, key);
    const QByteArray content = feed.left(qsizetype(trailers->contentSize));
    auto &signatures = trailers->freshen;
    const Trust::KeySignature added = signatureOver(content, key);
    std::erase_if(signatures, [&](const auto &other) { return other.keyId == added.keyId; });
    signatures.push_back(added);
    return withTrailers(content, signatures, key);
}

QByteArray withoutTrailers(const QByteArray &bytes)
{
    // Also damaged ones have to go, or the feed could not be signed anew; they stand behind the
    // end of the document.
    const std::string_view feed = toView(bytes);
    const std::size_t end = feed.rfind("</rss>");
    if (end == std::string_view::npos)
        return bytes;
    const std::size_t at = std::min(feed.find(FeedTrailers::freshenOpening, end),
                                    feed.find(FeedTrailers::sparkleOpening, end));
    return at == std::string_view::npos ? bytes : bytes.left(qsizetype(at));
}

} // namespace Freshen
