// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/versionorder.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include <utf8proc.h>

namespace Freshen::Trust {

namespace {

int sign(int number)
{
    return (number > 0) - (number < 0);
}

bool isAsciiDigit(char c)
{
    return c >= '0' && c <= '9';
}

namespace Sparkle {

enum class Kind { Number, Text, Period, OtherSeparator };

struct Part {
    Kind kind = Kind::Number;
    std::string_view text;
};
using Parts = std::vector<Part>;

bool isSeparator(Kind kind)
{
    return kind == Kind::Period || kind == Kind::OtherSeparator;
}

bool isDigit(utf8proc_int32_t character)
{
    return utf8proc_category(character) == UTF8PROC_CATEGORY_ND;
}

// Symbols such as '+' and '~' are no punctuation to Unicode, so they are text.
Kind kindOf(utf8proc_int32_t character)
{
    if (character == '.')
        return Kind::Period;
    if ((character >= '\t' && character <= '\r') || character == 0x85)
        return Kind::OtherSeparator;
    const auto category = utf8proc_category(character);
    if (category == UTF8PROC_CATEGORY_ND)
        return Kind::Number;
    const bool isPunctuation = category >= UTF8PROC_CATEGORY_PC
        && category <= UTF8PROC_CATEGORY_PO;
    const bool isSpace = category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP;
    return isPunctuation || isSpace ? Kind::OtherSeparator : Kind::Text;
}

// The first character, which is taken off.
utf8proc_int32_t takeCharacter(std::string_view &text)
{
    utf8proc_int32_t character = 0;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t *>(text.data()),
                                       utf8proc_ssize_t(text.size()), &character);
    text.remove_prefix(size > 0 ? std::size_t(size) : 1);
    return size > 0 ? character : 0xfffd;
}

// Runs of digits and of text; every separator is a part of its own. What follows a dash is a
// commit or the like and has no rank.
Parts split(std::string_view version)
{
    Parts parts;
    std::string_view rest = version.substr(0, version.find('-', 1));
    while (!rest.empty()) {
        const std::string_view begin = rest;
        const Kind kind = kindOf(takeCharacter(rest));
        const std::string_view text = begin.substr(0, begin.size() - rest.size());
        const bool goesOn = !parts.empty() && parts.back().kind == kind && !isSeparator(kind);
        if (goesOn)
            parts.back().text = {parts.back().text.data(), parts.back().text.size() + text.size()};
        else
            parts.push_back({kind, text});
    }
    return parts;
}

std::size_t leadingNumbers(const Parts &parts)
{
    const auto isOther = [](const Part &part) {
        return part.kind != Kind::Number && part.kind != Kind::Period;
    };
    return std::size_t(std::find_if(parts.begin(), parts.end(), isOther) - parts.begin());
}

// Makes "1.0 (5)" as long as "1.0.0 (5)", at the same place.
void balance(Parts &shorter, const Parts &longer)
{
    for (std::size_t i = leadingNumbers(shorter); i < leadingNumbers(longer); ++i) {
        const Part filler{longer[i].kind, longer[i].kind == Kind::Period ? "." : "0"};
        shorter.insert(shorter.begin() + std::ptrdiff_t(i), filler);
    }
}

// Unicode has the ten digits of a script in one row, and rows only beside other rows.
int digitValue(utf8proc_int32_t digit)
{
    utf8proc_int32_t first = digit;
    while (isDigit(first - 1))
        --first;
    return int(digit - first) % 10;
}

// As 64 bits that stop at the largest number instead of running over.
std::int64_t value(std::string_view digits)
{
    constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
    std::int64_t value = 0;
    while (!digits.empty()) {
        const int next = digitValue(takeCharacter(digits));
        if (value > (largest - next) / 10)
            return largest;
        value = value * 10 + next;
    }
    return value;
}

int comparePart(const Part &left, const Part &right)
{
    if (left.kind == Kind::Text || right.kind == Kind::Text) {
        if (left.kind != right.kind)
            return left.kind == Kind::Text ? -1 : 1;
        return sign(left.text.compare(right.text));
    }
    if (left.kind == Kind::Number && right.kind == Kind::Number) {
        const std::int64_t a = value(left.text);
        const std::int64_t b = value(right.text);
        return (a > b) - (a < b);
    }
    return (left.kind == Kind::Number) - (right.kind == Kind::Number);
}

int compare(std::string_view leftVersion, std::string_view rightVersion)
{
    Parts left = split(leftVersion);
    Parts right = split(rightVersion);
    balance(left, right);
    balance(right, left);
    const std::size_t common = std::min(left.size(), right.size());
    for (std::size_t i = 0; i < common; ++i) {
        if (const int order = comparePart(left[i], right[i]); order != 0)
            return order;
    }
    if (left.size() == right.size())
        return 0;
    // More text makes a version older ("1.0b"), anything else newer ("1.0 (1)").
    const Parts &longer = left.size() > right.size() ? left : right;
    const bool longerIsNewer = longer[common].kind != Kind::Text;
    return (left.size() > right.size()) == longerIsNewer ? 1 : -1;
}

} // namespace Sparkle

namespace SemVer {

bool isNumber(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), isAsciiDigit);
}

std::string_view withoutZeros(std::string_view digits)
{
    while (digits.size() > 1 && digits.front() == '0')
        digits.remove_prefix(1);
    return digits;
}

// Numbers of any length by value, anything else by its characters; a number is the older one.
int compareIdentifier(std::string_view left, std::string_view right)
{
    if (isNumber(left) != isNumber(right))
        return isNumber(left) ? -1 : 1;
    if (!isNumber(left))
        return sign(left.compare(right));
    const std::string_view a = withoutZeros(left);
    const std::string_view b = withoutZeros(right);
    return a.size() != b.size() ? (a.size() < b.size() ? -1 : 1) : sign(a.compare(b));
}

std::vector<std::string_view> split(std::string_view text)
{
    std::vector<std::string_view> parts;
    for (std::size_t dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.')) {
        parts.push_back(text.substr(0, dot));
        text.remove_prefix(dot + 1);
    }
    parts.push_back(text);
    return parts;
}

int compareIdentifiers(std::string_view left, std::string_view right, std::string_view missing)
{
    const auto a = split(left);
    const auto b = split(right);
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        const std::string_view x = i < a.size() ? a[i] : missing;
        const std::string_view y = i < b.size() ? b[i] : missing;
        if (x.empty() != y.empty())
            return x.empty() ? -1 : 1;
        if (const int order = compareIdentifier(x, y); order != 0)
            return order;
    }
    return 0;
}

int compare(std::string_view left, std::string_view right)
{
    // Build metadata has no rank.
    const std::string_view a = left.substr(0, left.find('+'));
    const std::string_view b = right.substr(0, right.find('+'));
    const std::size_t dashA = a.find('-');
    const std::size_t dashB = b.find('-');
    const bool hasA = dashA != std::string_view::npos;
    const bool hasB = dashB != std::string_view::npos;
    const int core = compareIdentifiers(a.substr(0, dashA), b.substr(0, dashB), "0");
    if (core != 0 || (!hasA && !hasB))
        return core;
    // A release is newer than all that led to it.
    if (!hasA || !hasB)
        return hasA ? -1 : 1;
    return compareIdentifiers(a.substr(dashA + 1), b.substr(dashB + 1), {});
}

} // namespace SemVer

} // namespace

Versioning versioningFromName(std::string_view name)
{
    return name == versioningName(Versioning::SemVer) ? Versioning::SemVer : Versioning::Sparkle;
}

std::string_view versioningName(Versioning versioning)
{
    return versioning == Versioning::SemVer ? "semver" : "sparkle";
}

int compareVersions(std::string_view left, std::string_view right, Versioning versioning)
{
    return versioning == Versioning::SemVer ? SemVer::compare(left, right)
                                            : Sparkle::compare(left, right);
}

} // namespace Freshen::Trust
