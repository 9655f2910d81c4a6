// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace Freshen::Trust {

namespace {

constexpr std::string_view hexDigits = "0123456789abcdef";
constexpr std::string_view base64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t maximumShown = 400;

struct CodePoint {
    std::uint32_t value = 0;
    std::size_t length = 0; // 0: not valid UTF-8
};

std::size_t sequenceLength(std::uint8_t lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead < 0xe0)
        return 2;
    if (lead >= 0xe0 && lead < 0xf0)
        return 3;
    return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

// The first code point: shortest form, no surrogates, nothing above U+10FFFF (RFC 3629).
CodePoint decode(std::string_view text)
{
    const std::size_t length = sequenceLength(std::uint8_t(text[0]));
    if (length == 0 || length > text.size())
        return {};
    constexpr std::array<std::uint8_t, 5> leadMask = {0, 0x7f, 0x1f, 0x0f, 0x07};
    constexpr std::array<std::uint32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
    std::uint32_t value = std::uint8_t(text[0]) & leadMask[length];
    for (std::size_t i = 1; i < length; ++i) {
        const auto byte = std::uint8_t(text[i]);
        if ((byte & 0xc0) != 0x80)
            return {};
        value = (value << 6) | (byte & 0x3f);
    }
    const bool isSurrogate = value >= 0xd800 && value < 0xe000;
    if (value < smallest[length] || isSurrogate || value > 0x10ffff)
        return {};
    return {value, length};
}

// What could change how the rest of a line looks, or act in a terminal.
bool isTreacherous(std::uint32_t value)
{
    const bool isControl = value < 0x20 || (value >= 0x7f && value < 0xa0);
    const bool isDirection = (value >= 0x202a && value <= 0x202e)
        || (value >= 0x2066 && value <= 0x2069) || value == 0x200e || value == 0x200f
        || value == 0x061c;
    return isControl || isDirection || value == 0x2028 || value == 0x2029 || value == 0xfeff;
}

void appendEscaped(std::string &out, std::uint8_t byte)
{
    out += "\\x";
    out += hexDigits[byte >> 4];
    out += hexDigits[byte & 15];
}

} // namespace

std::string toHex(const std::uint8_t *data, std::size_t size)
{
    std::string text;
    text.reserve(size * 2);
    for (std::size_t i = 0; i < size; ++i) {
        text += hexDigits[data[i] >> 4];
        text += hexDigits[data[i] & 15];
    }
    return text;
}

std::string toBase64(const std::uint8_t *data, std::size_t size)
{
    std::string text;
    for (std::size_t i = 0; i < size; i += 3) {
        const std::size_t count = std::min<std::size_t>(3, size - i);
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j)
            bits = (bits << 8) | (j < count ? data[i + j] : 0u);
        for (std::size_t j = 0; j < 4; ++j)
            text += j <= count ? base64Digits[(bits >> (18 - 6 * j)) & 63] : '=';
    }
    return text;
}

std::optional<ByteVector> fromBase64(std::string_view text)
{
    if (text.size() % 4 != 0)
        return {};
    std::size_t padding = 0;
    while (padding < 2 && text.ends_with('=')) {
        text.remove_suffix(1);
        ++padding;
    }
    ByteVector bytes;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char digit : text) {
        const std::size_t value = base64Digits.find(digit);
        if (value == std::string_view::npos)
            return {};
        bits = (bits << 6) | std::uint32_t(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(std::uint8_t(bits >> count));
            bits &= (1u << count) - 1;
        }
    }
    // Stray bits or the wrong padding would give one value two spellings.
    if (bits != 0 || padding * 2 != std::size_t(count))
        return {};
    return bytes;
}

std::optional<std::uint64_t> parseNumber(std::string_view text)
{
    std::uint64_t number = 0;
    if (text.empty() || (text.size() > 1 && text[0] == '0'))
        return {};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return {};
    return number;
}

std::vector<std::string_view> splitLines(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    return lines;
}

bool isValidUtf8(std::string_view text)
{
    while (!text.empty()) {
        const CodePoint point = decode(text);
        if (point.length == 0)
            return false;
        text.remove_prefix(point.length);
    }
    return true;
}

std::string escaped(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        if (out.size() > maximumShown)
            return out + "…";
        const CodePoint point = decode(text);
        const std::size_t length = std::max<std::size_t>(1, point.length);
        if (point.length > 0 && !isTreacherous(point.value)) {
            out.append(text.substr(0, length));
        } else {
            for (const char byte : text.substr(0, length))
                appendEscaped(out, std::uint8_t(byte));
        }
        text.remove_prefix(length);
    }
    return out;
}

} // namespace Freshen::Trust
