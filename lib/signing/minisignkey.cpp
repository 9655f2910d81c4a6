// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/signing/minisignkey.h"

#include "lib/common/convert.h"
#include "lib/signing/wiper.h"

#include <algorithm>

#include <openssl/evp.h>

namespace Freshen {

namespace {

using Platform::Bytes;
using Trust::ByteVector;

// Three names of two bytes (signature, key derivation, check sum), then what scrypt needs.
constexpr std::size_t derivationAt = 2;
constexpr std::size_t saltAt = 6;
constexpr std::size_t saltSize = 32;
constexpr std::size_t operationsAt = 38;
constexpr std::size_t memoryAt = 46;
constexpr std::size_t contentAt = 54; // id, seed, public key and check sum: encrypted as a whole

// No honest file asks for more; minisign's own keys take 1 GiB.
constexpr std::uint64_t maximumMemory = std::uint64_t(2) << 30;
constexpr std::uint64_t maximumOperations = std::uint64_t(1) << 27;

bool hasName(Bytes file, std::size_t at, std::string_view name)
{
    return std::equal(name.begin(), name.end(), file.begin() + std::ptrdiff_t(at));
}

std::uint64_t number(Bytes file, std::size_t at)
{
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;)
        value = value << 8 | file[at + i];
    return value;
}

struct ScryptCost {
    std::uint64_t n = 2;
    std::uint64_t r = 8;
    std::uint64_t p = 1;
};

// libsodium's choice for these limits, which minisign writes instead of the parameters.
ScryptCost costFor(std::uint64_t operations, std::uint64_t memory)
{
    operations = std::max<std::uint64_t>(operations, 32768);
    ScryptCost cost;
    const bool isShortOfTime = operations < memory / 32;
    const std::uint64_t maximumN = isShortOfTime ? operations / (cost.r * 4)
                                                 : memory / (cost.r * 128);
    while (cost.n <= maximumN / 2)
        cost.n *= 2;
    if (!isShortOfTime)
        cost.p = std::max<std::uint64_t>(operations / 4 / cost.n / cost.r, 1);
    return cost;
}

Result<void> decrypt(ByteVector &content, Bytes file, const std::string &password)
{
    const std::uint64_t memory = number(file, memoryAt);
    const std::uint64_t operations = number(file, operationsAt);
    if (memory > maximumMemory || operations > maximumOperations)
        return failure(ErrorCode::KEY,
                       "This minisign secret key asks for more memory or time than "
                       "any honest one: it is damaged.");
    const ScryptCost cost = costFor(operations, memory);
    ByteVector stream(content.size());
    const Wiper wiper(stream);
    constexpr std::uint64_t slack = 1 << 20; // OpenSSL counts its own buffers, too
    if (EVP_PBE_scrypt(password.data(), password.size(), file.data() + saltAt, saltSize, cost.n,
                       cost.r, cost.p, cost.n * cost.r * 128 + cost.p * cost.r * 128 + slack,
                       stream.data(), stream.size())
        != 1)
        return failure(ErrorCode::KEY,
                       "The password cannot be turned into a key; it takes up to "
                       "1 GiB of memory.");
    std::transform(content.begin(), content.end(), stream.begin(), content.begin(),
                   [](std::uint8_t a, std::uint8_t b) { return std::uint8_t(a ^ b); });
    return {};
}

} // namespace

MinisignKey::~MinisignKey()
{
    OPENSSL_cleanse(content.data(), content.size());
}

bool isEncryptedMinisignKey(Bytes file)
{
    return file.size() == minisignKeySize && hasName(file, 0, "Ed")
        && hasName(file, derivationAt, "Sc");
}

Result<MinisignKey> readMinisignKey(Bytes file, const PasswordSource &password)
{
    const bool isEncrypted = isEncryptedMinisignKey(file);
    const bool isPlain = hasName(file, 0, "Ed")
        && hasName(file, derivationAt, std::string_view("\0\0", 2));
    if (file.size() != minisignKeySize || (!isEncrypted && !isPlain))
        return failure(ErrorCode::KEY, "This minisign secret key is of a kind that is not known.");
    MinisignKey key;
    key.content.assign(file.begin() + contentAt, file.end());
    if (isPlain)
        return key;
    if (!password)
        return failure(ErrorCode::KEY, "This minisign secret key is protected by a password.");
    auto text = password();
    if (!text)
        return failure(text);
    const Wiper wiper(*text);
    if (auto decrypted = decrypt(key.content, file, *text); !decrypted)
        return failure(decrypted);
    return key;
}

} // namespace Freshen
