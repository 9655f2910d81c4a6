// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The publisher's chain of roots, 1.root, 2.root, …: each says which keys may sign what, and is
// signed by those of the root before it. The rules are those of TUF's root metadata (specification
// 1.0.34, section 5.3).
//
//   freshen-root 1
//   product org.example.notes
//   version 2
//   issued 2026-11-22T10:00:00Z
//   expires 2027-11-22T10:00:00Z
//   root 2 KEY KEY KEY            threshold and keys, 32 bytes in base64, in byte order
//   feed 1 KEY
//   release 1 KEY
//   signatures
//   KEYID SIGNATURE               over "freshen-root-1\n" and all bytes before "signatures"

#pragma once

#include "updater-helper/trust/publickey.h"

#include <string>
#include <string_view>
#include <vector>

namespace Freshen::Trust {

struct KeySignature {
    std::string keyId; // lower-case hexadecimal
    Signature signature{};
};

// The keys that may sign something, and how many of them have to.
struct RootRole {
    std::size_t threshold = 1;
    std::vector<PublicKey> keys; // sorted by their base64 form, without twins

    // Whether so many different ones of the keys signed. What fits none of them does no harm.
    bool isMetBy(const std::vector<KeySignature> &signatures, std::string_view message) const;
    bool operator==(const RootRole &) const = default;
};

struct Root {
    std::string product;
    std::uint64_t version = 1;
    std::string issued; // UTC, "2026-11-22T10:00:00Z": such texts compare like their times
    std::string expires;
    // Lines of later versions of the format, as they stand, between "expires" and the roles.
    std::vector<std::string> extraLines;
    RootRole root; // may sign the next root
    RootRole feed;
    RootRole release; // manifests and packages; one signature always suffices

    static constexpr std::size_t maximumSize = 64 * 1024;
    static constexpr std::size_t maximumKeys = 16; // of a role
    // Roots that a client follows in one go.
    static constexpr int maximumSteps = 64;

    // What is signed, without its context.
    std::string toText() const;
};

struct SignedRoot {
    Root root;
    std::string text; // the whole file, as it was read
    std::vector<KeySignature> signatures;

    // The exact grammar; ROOT_CHAIN, with the place named. Nothing is verified.
    static Result<SignedRoot> parse(std::string_view text);
    std::string message() const; // what the signatures are over
    std::string signedText() const; // the file of root and signatures
};

// A root to begin with, which comes with the app: signed by its own root keys.
Result<SignedRoot> firstRoot(std::string_view text);
// The root after `trusted`: of the same product, the next version, signed by enough of the old and
// of the new root keys. An expired one is accepted: only the last one must not be expired.
Result<SignedRoot> nextRoot(const Root &trusted, std::string_view text);
// ROOT_EXPIRED when `now` is after its end.
Result<void> requireCurrent(const Root &root, std::string_view now);

} // namespace Freshen::Trust
