// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Secret keys as the stock minisign keeps them: in the clear, or encrypted with a password by
// scrypt, as its manual page describes.

#pragma once

#include "updater-helper/trust/text.h"

#include "platform/file.h"

#include <functional>

namespace Freshen {

// A minisign secret key file after base64.
constexpr std::size_t minisignKeySize = 158;

struct MinisignKey {
    Trust::ByteVector content; // id, seed and public key
    ~MinisignKey(); // wipes it

    Platform::Bytes id() const { return Platform::Bytes(content).first(8); }
    Platform::Bytes seed() const { return Platform::Bytes(content).subspan(8, 32); }
    Platform::Bytes publicKey() const { return Platform::Bytes(content).subspan(40, 32); }
};

// Where the password of an encrypted key comes from.
using PasswordSource = std::function<Result<std::string>()>;

// Nothing is checked but the form: of a wrong password comes a seed to which the public key does
// not belong. KEY for other forms, or without a password where one is needed.
Result<MinisignKey> readMinisignKey(Platform::Bytes file, const PasswordSource &password);
bool isEncryptedMinisignKey(Platform::Bytes file);

} // namespace Freshen
