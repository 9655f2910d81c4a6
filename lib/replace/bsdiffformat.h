// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A patch as bsdiff 4 writes it: a header, then three bzip2 streams, one after the other: controls,
// differences, new bytes.

#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace Freshen::BsdiffFormat {

inline constexpr std::string_view magic = "BSDIFF40";
inline constexpr int numberSize = 8;
// The magic, the compressed lengths of controls and differences, the length of the new file.
inline constexpr int headerSize = 4 * numberSize;
// How many bytes to add to old ones, how many to take as they are, how far to move in the old file.
inline constexpr int controlSize = 3 * numberSize;

// Little-endian, the highest bit for the sign.
inline std::int64_t readNumber(std::span<const std::uint8_t, numberSize> bytes)
{
    std::uint64_t magnitude = bytes[numberSize - 1] & 0x7f;
    for (int i = numberSize - 2; i >= 0; --i)
        magnitude = magnitude << 8 | bytes[std::size_t(i)];
    const auto number = std::int64_t(magnitude);
    return bytes[numberSize - 1] & 0x80 ? -number : number;
}

inline std::array<std::uint8_t, numberSize> writeNumber(std::int64_t number)
{
    std::uint64_t magnitude = number < 0 ? 0 - std::uint64_t(number) : std::uint64_t(number);
    std::array<std::uint8_t, numberSize> bytes{};
    for (auto &byte : bytes) {
        byte = std::uint8_t(magnitude);
        magnitude >>= 8;
    }
    if (number < 0)
        bytes.back() |= 0x80;
    return bytes;
}

} // namespace Freshen::BsdiffFormat
