// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/signing/secretkey.h"

#include <array>
#include <optional>
#include <vector>

namespace Freshen {

// Looks for secret keys in what is about to be published: minisign secret keys and private keys in
// PEM form wherever they stand, key files of our own (*.key), and the seeds of certain keys.
class SecretSearch
{
public:
    // The keys' own bytes are looked for: raw, in base64 and in hexadecimal.
    explicit SecretSearch(const std::vector<const SecretKey *> &keys);
    // Without the secrets: whatever looks like a seed, in base64 or hexadecimal, is tried.
    explicit SecretSearch(std::vector<Trust::PublicKey> keys);
    ~SecretSearch(); // wipes what it looked for
    SecretSearch(SecretSearch &&) = default;
    SecretSearch &operator=(SecretSearch &&) = delete;

    // SECRET when the file holds one; the sentence calls it `name`. A link is never followed.
    Result<void> requireNoneIn(const std::filesystem::path &file, const std::string &name) const;
    // The same for every file below a folder, by its path in it; `prefix` stands before it.
    Result<void> requireNoneBelow(const std::filesystem::path &folder,
                                  const std::string &prefix = {}) const;

private:
    // What the bytes hold, in words.
    std::optional<std::string> findIn(std::string_view bytes) const;
    std::optional<std::string> findOwnKeyFile(std::string_view content,
                                              const std::string &name) const;
    bool isTrusted(const Trust::PublicKey &key) const;
    bool hasSeed(std::string_view bytes) const;
    bool isSeed(std::string_view seed) const;

    std::vector<Trust::PublicKey> m_keys;
    std::vector<std::string> m_forms; // of the secrets themselves
    bool m_triesSeeds = false;
};

} // namespace Freshen
