// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/versionorder.h"

#include <QList>
#include <QVarLengthArray>

#include <algorithm>
#include <limits>

namespace Freshen {

namespace {

int sign(qint64 number)
{
    return number < 0 ? -1 : number > 0;
}

namespace Sparkle {

enum class Kind { Number, Text, Period, OtherSeparator };

struct Part {
    Kind kind = Kind::Number;
    QStringView text;
};

// On the stack for all but the strangest versions: a long feed asks for many comparisons.
using Parts = QVarLengthArray<Part, 16>;

bool isSeparator(Kind kind)
{
    return kind == Kind::Period || kind == Kind::OtherSeparator;
}

Kind kindOf(QChar character)
{
    if (character == u'.')
        return Kind::Period;
    if (character.isDigit())
        return Kind::Number;
    // Symbols such as '+' and '~' are no punctuation to Unicode, so they are text.
    return character.isSpace() || character.isPunct() ? Kind::OtherSeparator : Kind::Text;
}

// Runs of digits and of text; every separator is a part of its own. What follows a dash is a
// commit or the like and has no rank.
Parts split(QStringView version)
{
    Parts parts;
    const qsizetype dash = version.indexOf(u'-', 1);
    const QStringView ranked = dash < 0 ? version : version.left(dash);
    for (qsizetype begin = 0; begin < ranked.size();) {
        const Kind kind = kindOf(ranked[begin]);
        qsizetype end = begin + 1;
        while (!isSeparator(kind) && end < ranked.size() && kindOf(ranked[end]) == kind)
            ++end;
        parts.append({kind, ranked.mid(begin, end - begin)});
        begin = end;
    }
    return parts;
}

qsizetype leadingNumbers(const Parts &parts)
{
    const auto isOther = [](const Part &part) {
        return part.kind != Kind::Number && part.kind != Kind::Period;
    };
    return std::find_if(parts.begin(), parts.end(), isOther) - parts.begin();
}

// Makes "1.0 (5)" as long as "1.0.0 (5)", at the same place.
void balance(Parts &shorter, const Parts &longer)
{
    for (qsizetype i = leadingNumbers(shorter); i < leadingNumbers(longer); ++i)
        shorter.insert(i, {longer[i].kind, longer[i].kind == Kind::Period ? u"." : u"0"});
}

// As 64 bits that stop at the largest number instead of running over.
qint64 value(QStringView digits)
{
    constexpr qint64 largest = std::numeric_limits<qint64>::max();
    qint64 value = 0;
    for (const QChar digit : digits) {
        const int next = digit.digitValue();
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
        const qint64 a = value(left.text);
        const qint64 b = value(right.text);
        return (a > b) - (a < b);
    }
    return (left.kind == Kind::Number) - (right.kind == Kind::Number);
}

int compare(QStringView leftVersion, QStringView rightVersion)
{
    Parts left = split(leftVersion);
    Parts right = split(rightVersion);
    balance(left, right);
    balance(right, left);
    const qsizetype common = std::min(left.size(), right.size());
    for (qsizetype i = 0; i < common; ++i) {
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

bool isNumber(QStringView text)
{
    const auto isDigit = [](QChar c) { return c >= u'0' && c <= u'9'; };
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), isDigit);
}

QStringView withoutZeros(QStringView digits)
{
    while (digits.size() > 1 && digits.front() == u'0')
        digits = digits.mid(1);
    return digits;
}

// Numbers of any length by value, anything else by its characters; a number is the older one.
int compareIdentifier(QStringView left, QStringView right)
{
    if (isNumber(left) != isNumber(right))
        return isNumber(left) ? -1 : 1;
    if (!isNumber(left))
        return sign(left.compare(right));
    const QStringView a = withoutZeros(left);
    const QStringView b = withoutZeros(right);
    return a.size() != b.size() ? sign(a.size() - b.size()) : sign(a.compare(b));
}

int compareIdentifiers(QStringView left, QStringView right, QStringView missing)
{
    const auto a = left.split(u'.');
    const auto b = right.split(u'.');
    for (qsizetype i = 0; i < std::max(a.size(), b.size()); ++i) {
        const QStringView x = i < a.size() ? a[i] : missing;
        const QStringView y = i < b.size() ? b[i] : missing;
        if (x.isEmpty() != y.isEmpty())
            return x.isEmpty() ? -1 : 1;
        if (const int order = compareIdentifier(x, y); order != 0)
            return order;
    }
    return 0;
}

int compare(QStringView left, QStringView right)
{
    // Build metadata has no rank.
    const QStringView a = left.left(left.indexOf(u'+') < 0 ? left.size() : left.indexOf(u'+'));
    const QStringView b = right.left(right.indexOf(u'+') < 0 ? right.size() : right.indexOf(u'+'));
    const qsizetype dashA = a.indexOf(u'-');
    const qsizetype dashB = b.indexOf(u'-');
    const int core = compareIdentifiers(dashA < 0 ? a : a.left(dashA),
                                        dashB < 0 ? b : b.left(dashB), u"0");
    if (core != 0 || (dashA < 0 && dashB < 0))
        return core;
    // A release is newer than all that led to it.
    if (dashA < 0 || dashB < 0)
        return dashA < 0 ? 1 : -1;
    return compareIdentifiers(a.mid(dashA + 1), b.mid(dashB + 1), {});
}

} // namespace SemVer

} // namespace

int compareVersions(const QString &left, const QString &right, Versioning versioning)
{
    return versioning == Versioning::SemVer ? SemVer::compare(left, right)
                                            : Sparkle::compare(left, right);
}

VersionOrder versionOrder(Versioning versioning)
{
    return [versioning](const QString &left, const QString &right) {
        return compareVersions(left, right, versioning);
    };
}

} // namespace Freshen
