// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Signature files as minisign writes them (prehashed form): see its manual page.

#pragma once

#include "updater-helper/trust/publickey.h"

#include <functional>

namespace Freshen::Trust {

struct MinisignSignature {
    KeyId keyId{};
    bool isPrehashed = true; // signs BLAKE2b-512 of the file; else the file itself
    Signature signature{};
    std::string trustedComment;
    Signature commentSignature{}; // over signature and trusted comment

    static Result<MinisignSignature> parse(std::string_view text);
    // The four lines of a signature file.
    std::string toText(std::string_view untrustedComment) const;
};

// SIGNATURE unless one of the keys signed these bytes and the trusted comment.
Result<void> verifyMinisign(const MinisignSignature &signature, std::string_view content,
                            const std::vector<PublicKey> &keys);
Result<void> verifyMinisignFile(const MinisignSignature &signature,
                                const std::filesystem::path &file,
                                const std::vector<PublicKey> &keys);

} // namespace Freshen::Trust
