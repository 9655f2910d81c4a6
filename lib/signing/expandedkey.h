// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Ed25519 with the expanded form of a secret key, which Sparkle's older key files hold: the
// scalar and the nonce prefix, without the seed that they were made from. OpenSSL takes seeds only.

#pragma once

#include "updater-helper/trust/publickey.h"

namespace Freshen {

constexpr std::size_t expandedKeySize = 64;

// The public key that belongs to it.
std::array<std::uint8_t, 32> publicKeyOfExpanded(Platform::Bytes expandedKey);
// The same signature as the seed would give (RFC 8032, section 5.1.6).
Trust::Signature signWithExpanded(Platform::Bytes expandedKey, const Trust::PublicKey &publicKey,
                                  Platform::Bytes message);

} // namespace Freshen
