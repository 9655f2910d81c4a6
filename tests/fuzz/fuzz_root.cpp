// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Any bytes as a root: what is read has this one form only, and only what enough of the right keys
// signed follows upon a trusted one.

#include "lib/signing/secretkey.h"
#include "tests/fuzz/fuzztarget.h"

#include "updater-helper/trust/root.h"
#include "updater-helper/trust/text.h"

using namespace Freshen;
using Trust::Root;
using Trust::SignedRoot;

namespace {

SecretKey keyOf(char seed)
{
    const std::string bytes(32, seed);
    auto key = SecretKey::parse(
        Trust::toBase64(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size()));
    require(key.has_value(), "the key is one");
    return std::move(*key);
}

// Two roots in a row; the second one has another key beside the first one's and needs both. Their
// files are corpus/root/first and corpus/root/second. Most others there are signed well, too, and
// break one rule.
struct Chain {
    SignedRoot first;
    SignedRoot second;
};

void sign(SignedRoot &root, const SecretKey &key)
{
    const std::string message = root.message();
    root.signatures.push_back(
        {Trust::toHex(Trust::keyIdOf(key.publicKey().bytes())),
         key.sign({reinterpret_cast<const std::uint8_t *>(message.data()), message.size()})});
    root.text = root.signedText();
}

Chain signChain()
{
    const SecretKey one = keyOf('a');
    const SecretKey other = keyOf('b');
    Chain chain;
    Root &first = chain.first.root;
    first.product = "org.example.notes";
    first.issued = "2026-11-22T10:00:00Z";
    first.expires = "2027-11-22T10:00:00Z";
    first.root = first.feed = first.release = {1, {one.publicKey()}};
    Root &second = chain.second.root = first;
    second.version = 2;
    second.root = {2, {one.publicKey(), other.publicKey()}};
    if (one.publicKey().toSparkle() > other.publicKey().toSparkle())
        std::swap(second.root.keys[0], second.root.keys[1]);
    sign(chain.first, one);
    sign(chain.second, one);
    sign(chain.second, other);
    require(Trust::firstRoot(chain.first.text).has_value(), "the first one is accepted");
    require(Trust::nextRoot(first, chain.second.text).has_value(), "the second one is accepted");
    return chain;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const Chain chain = signChain();
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const auto parsed = SignedRoot::parse(text);
    if (parsed) {
        require(parsed->signedText() == text && parsed->text == text, "there is one form only");
        require(parsed->root.release.threshold == 1, "one release key suffices");
        require(Trust::escaped(parsed->root.product) == parsed->root.product,
                "its product can be shown");
        require(parsed->root.root.threshold >= 1, "nothing is accepted without a signature");
    } else {
        require(parsed.error().code == ErrorCode::ROOT_CHAIN, "the error is the chain's");
        require(Trust::isValidUtf8(parsed.error().message), "its message can be shown");
    }
    const auto first = Trust::firstRoot(text);
    require(!first || !first->signatures.empty(), "nobody begins without a signature");
    if (parsed) {
        require(Trust::requireCurrent(parsed->root, parsed->root.expires).has_value(),
                "a root is good until it expires");
        require(!Trust::requireCurrent(parsed->root, parsed->root.expires + "+"),
                "a root is not good any longer");
    }
    const auto next = Trust::nextRoot(chain.first.root, text);
    require(!next || parsed, "what is accepted can be read");
    if (next)
        require(next->message() == chain.second.message() && next->signatures.size() >= 2,
                "what follows is what both keys signed");
    // Nobody but the owners of the keys can go on from the second one.
    require(!Trust::nextRoot(chain.second.root, text), "nothing follows upon the last one");
    return 0;
}
