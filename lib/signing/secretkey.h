// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/signing/minisignkey.h"
#include "updater-helper/trust/minisign.h"

#include <QString>

namespace Freshen {

// An Ed25519 key that signs. Only publishers' tools have one.
class SecretKey
{
public:
    static Result<SecretKey> generate();
    // `source` is a file, "-" (standard input) or "env:NAME"; see parse() for the forms. A file
    // that others may read is refused. Where the key is protected by a password, readPassword()
    // gets it.
    static Result<SecretKey> read(const QString &source);
    // A 32-byte seed in base64, Sparkle's older 96-byte form, or a minisign secret key file.
    static Result<SecretKey> parse(std::string_view text, const PasswordSource &password = {});

    SecretKey(SecretKey &&) = default;
    SecretKey &operator=(SecretKey &&other) noexcept;
    ~SecretKey(); // wipes it

    const Trust::PublicKey &publicKey() const { return m_publicKey; }
    // The seed in base64: the content of a key file. Only of keys that have a seed.
    std::string toText() const;

    Trust::Signature sign(Platform::Bytes message) const;
    // The text of a .minisig file for these bytes.
    std::string minisign(std::string_view content, std::string_view trustedComment) const;
    Result<std::string> minisignFile(const std::filesystem::path &file,
                                     std::string_view trustedComment) const;
    // Pure Ed25519 over the whole file, which is mapped.
    Result<Trust::Signature> signFile(const std::filesystem::path &file) const;
    // The seed or the expanded key itself; whoever asks for it wipes it.
    std::string secretBytes() const;

private:
    SecretKey() = default;
    static Result<SecretKey> fromSeed(Platform::Bytes seed);
    static Result<SecretKey> fromExpanded(Platform::Bytes bytes);
    static Result<SecretKey> fromMinisign(Platform::Bytes bytes, const PasswordSource &password);
    std::string minisignDigest(const std::string &digest, std::string_view trustedComment) const;

    std::vector<std::uint8_t> m_secret; // the seed, or the expanded key of the older form
    Trust::PublicKey m_publicKey;
};

} // namespace Freshen
