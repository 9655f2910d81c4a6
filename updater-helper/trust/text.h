// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Small pieces of text, read strictly.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace Freshen::Trust {

using ByteVector = std::vector<std::uint8_t>;

std::string toHex(const std::uint8_t *data, std::size_t size);
std::string toBase64(const std::uint8_t *data, std::size_t size);
// Canonical base64 only: right padding, no line breaks, no stray bits.
std::optional<ByteVector> fromBase64(std::string_view text);

// A decimal number without sign, leading zeros or anything around it.
std::optional<std::uint64_t> parseNumber(std::string_view text);

// Splits at '\n'; a last line without one counts too.
std::vector<std::string_view> splitLines(std::string_view text);

bool isValidUtf8(std::string_view text);
// For messages: control characters, invalid bytes and bidirectional overrides become "\xNN", and
// what is too long is cut.
std::string escaped(std::string_view text);

} // namespace Freshen::Trust
