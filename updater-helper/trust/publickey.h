// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/file.h"

#include <array>
#include <string>
#include <vector>

namespace Freshen::Trust {

// The first 8 bytes of SHA-256 of the key, or what a foreign minisign key calls itself. A hint
// which key to try first, never a reason to trust.
using KeyId = std::array<std::uint8_t, 8>;
using Signature = std::array<std::uint8_t, 64>;

// An Ed25519 public key.
class PublicKey
{
public:
    // Accepts 32 bytes in base64 (Sparkle's form), a minisign key line ("RW…"), or a whole
    // minisign public key file. Keys of small order are refused.
    static Result<PublicKey> parse(std::string_view text);
    static Result<PublicKey> fromBytes(Platform::Bytes bytes);

    const std::array<std::uint8_t, 32> &bytes() const { return m_bytes; }
    const KeyId &id() const { return m_id; }
    std::string idHex() const;
    // 32 bytes in base64.
    std::string toSparkle() const;
    // The key line of a minisign public key file.
    std::string toMinisign() const;

    // Pure Ed25519 (RFC 8032) over the whole message.
    bool verify(Platform::Bytes message, const Signature &signature) const;

    bool operator==(const PublicKey &other) const { return m_bytes == other.m_bytes; }

private:
    std::array<std::uint8_t, 32> m_bytes{};
    KeyId m_id{};
};

// Eight bytes as they stand in a minisign file, and as minisign prints them.
KeyId keyIdOf(Platform::Bytes publicKey);
std::string toHex(const KeyId &id);

// Exactly 64 bytes in canonical base64.
Result<Signature> parseSignature(std::string_view base64);

} // namespace Freshen::Trust
