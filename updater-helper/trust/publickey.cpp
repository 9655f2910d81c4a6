// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/publickey.h"

#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/text.h"

#include <algorithm>
#include <memory>

#include <openssl/evp.h>

namespace Freshen::Trust {

namespace {

constexpr std::string_view minisignAlgorithm = "Ed";
constexpr std::size_t keySize = 32;
constexpr std::size_t minisignKeySize = 2 + 8 + keySize;

using KeyBytes = std::array<std::uint8_t, keySize>;

// 2^255 - 19 and the group order L, little-endian.
constexpr KeyBytes fieldPrime = {
    0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};
constexpr KeyBytes groupOrder = {
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10};

// The points of order 1, 2, 4 and 8 by their y coordinate: for these some signatures fit any
// message. The sign bit of x is taken out before comparing.
constexpr KeyBytes smallOrder[] = {
    {0x00},
    {0x01},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
     0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
     0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
};

bool isLess(const std::uint8_t *left, const KeyBytes &right)
{
    for (std::size_t i = keySize; i-- > 0;) {
        if (left[i] != right[i])
            return left[i] < right[i];
    }
    return false;
}

bool isUsable(KeyBytes key)
{
    key[keySize - 1] &= 0x7f;
    if (!isLess(key.data(), fieldPrime))
        return false;
    return std::find(std::begin(smallOrder), std::end(smallOrder), key) == std::end(smallOrder);
}

struct KeyDeleter {
    void operator()(EVP_PKEY *key) const { EVP_PKEY_free(key); }
};
struct ContextDeleter {
    void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
};

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view spaces = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(spaces);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(spaces) - begin + 1);
}

tl::unexpected<Error> noKey(std::string_view text)
{
    return failure(ErrorCode::KEY,
                   "\"" + escaped(text.substr(0, 60))
                       + "\" is no public key. Give 32 bytes in base64 or a minisign public key.");
}

} // namespace

KeyId keyIdOf(Platform::Bytes publicKey)
{
    Digest digest(Digest::Kind::Sha256);
    digest.add(publicKey);
    const std::string hash = digest.result();
    KeyId id{};
    std::copy_n(hash.begin(), std::min(id.size(), hash.size()), id.begin());
    return id;
}

std::string toHex(const KeyId &id)
{
    return toHex(id.data(), id.size());
}

Result<PublicKey> PublicKey::fromBytes(Platform::Bytes bytes)
{
    PublicKey key;
    if (bytes.size() != keySize)
        return failure(ErrorCode::KEY, "A public key has 32 bytes.");
    std::copy(bytes.begin(), bytes.end(), key.m_bytes.begin());
    if (!isUsable(key.m_bytes))
        return failure(ErrorCode::KEY, "This public key would accept forged signatures.");
    key.m_id = keyIdOf(bytes);
    return key;
}

Result<PublicKey> PublicKey::parse(std::string_view text)
{
    // The key line of a minisign file is its last one.
    text = trimmed(text);
    if (const std::size_t lineEnd = text.rfind('\n'); lineEnd != std::string_view::npos) {
        if (!text.starts_with("untrusted comment:"))
            return noKey(text);
        text = trimmed(text.substr(lineEnd + 1));
    }
    const auto bytes = fromBase64(text);
    if (!bytes || (bytes->size() != keySize && bytes->size() != minisignKeySize))
        return noKey(text);
    if (bytes->size() == keySize)
        return fromBytes(*bytes);
    if (!std::equal(minisignAlgorithm.begin(), minisignAlgorithm.end(), bytes->begin()))
        return noKey(text);
    auto key = fromBytes(Platform::Bytes(*bytes).subspan(10));
    if (key)
        std::copy_n(bytes->begin() + 2, key->m_id.size(), key->m_id.begin());
    return key;
}

std::string PublicKey::idHex() const
{
    return Trust::toHex(m_id);
}

std::string PublicKey::toSparkle() const
{
    return toBase64(m_bytes.data(), m_bytes.size());
}

std::string PublicKey::toMinisign() const
{
    ByteVector bytes(minisignAlgorithm.begin(), minisignAlgorithm.end());
    bytes.insert(bytes.end(), m_id.begin(), m_id.end());
    bytes.insert(bytes.end(), m_bytes.begin(), m_bytes.end());
    return toBase64(bytes.data(), bytes.size());
}

bool PublicKey::verify(Platform::Bytes message, const Signature &signature) const
{
    // RFC 8032 asks for S < L; without it a signature would have several spellings.
    if (!isLess(signature.data() + keySize, groupOrder))
        return false;
    const std::unique_ptr<EVP_PKEY, KeyDeleter> key(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, m_bytes.data(), m_bytes.size()));
    const std::unique_ptr<EVP_MD_CTX, ContextDeleter> context(EVP_MD_CTX_new());
    if (!key || !context)
        return false;
    return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1
        && EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                            message.size()) == 1;
}

Result<Signature> parseSignature(std::string_view base64)
{
    Signature signature{};
    const auto bytes = fromBase64(base64);
    if (!bytes || bytes->size() != signature.size())
        return failure(ErrorCode::SIGNATURE, "A signature is not 64 bytes in base64.");
    std::copy(bytes->begin(), bytes->end(), signature.begin());
    return signature;
}

} // namespace Freshen::Trust
