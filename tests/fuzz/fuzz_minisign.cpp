// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Any bytes as a minisign signature or public key: of all that can be read, only what the key's
// owner really signed verifies, in whatever spelling it comes.

#include "tests/fuzz/fuzztarget.h"

#include "platform/file.h"
#include "updater-helper/trust/minisign.h"

using namespace Freshen;
using namespace Freshen::Trust;

namespace {

// What stock minisign made: a key, a message and its signatures in both forms.
struct Genuine {
    std::vector<PublicKey> keys;
    std::string message;
    std::vector<MinisignSignature> signatures;
};

std::string sample(const char *name)
{
    const auto text = Platform::readFile(std::string(FRESHEN_TEST_DATA "/minisign/") + name);
    require(text.has_value(), "the sample can be read");
    return *text;
}

Genuine readGenuine()
{
    Genuine genuine;
    genuine.keys = {*PublicKey::parse(sample("key.pub"))};
    genuine.message = sample("message.txt");
    for (const char *name : {"prehashed.minisig", "legacy.minisig"}) {
        genuine.signatures.push_back(*MinisignSignature::parse(sample(name)));
        require(
            verifyMinisign(genuine.signatures.back(), genuine.message, genuine.keys).has_value(),
            "the genuine one verifies");
    }
    return genuine;
}

// The key's name is a hint that nobody signs.
bool isSame(const MinisignSignature &one, const MinisignSignature &other)
{
    return one.isPrehashed == other.isPrehashed && one.signature == other.signature
        && one.trustedComment == other.trustedComment
        && one.commentSignature == other.commentSignature;
}

void trySignature(std::string_view text, const Genuine &genuine)
{
    const auto signature = MinisignSignature::parse(text);
    if (!signature)
        return;
    const auto again = MinisignSignature::parse(signature->toText("none"));
    require(again && isSame(*again, *signature) && again->keyId == signature->keyId,
            "what is written says the same");
    bool isGenuine = false;
    for (const MinisignSignature &known : genuine.signatures)
        isGenuine = isGenuine || isSame(*signature, known);
    const bool isAccepted = verifyMinisign(*signature, genuine.message, genuine.keys).has_value();
    require(isAccepted == isGenuine, "the genuine ones verify, and no others");
    require(!verifyMinisign(*signature, genuine.message + ' ', genuine.keys),
            "no signature fits another message");
}

void tryKey(std::string_view text, const Genuine &genuine)
{
    const auto key = PublicKey::parse(text);
    if (!key)
        return;
    for (const std::string &form : {key->toMinisign(), key->toSparkle()}) {
        const auto again = PublicKey::parse(form);
        require(again && *again == *key, "what is written is the same key");
    }
    for (const MinisignSignature &known : genuine.signatures)
        require(verifyMinisign(known, genuine.message, {*key}).has_value()
                    == (*key == genuine.keys.front()),
                "a signature fits its own key, and no other");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const Genuine genuine = readGenuine();
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    trySignature(text, genuine);
    tryKey(text, genuine);
    return 0;
}
