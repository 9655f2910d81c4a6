// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/text/displaytext.h"

#include <QLocale>

namespace Freshen {

namespace {

constexpr qsizetype versionLength = 40;
constexpr qsizetype longestWord = 24;

bool isDirectional(char16_t c)
{
    return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069);
}

} // namespace

bool isSteeringCharacter(QChar character)
{
    return character.category() == QChar::Other_Control || isDirectional(character.unicode())
        || (character.unicode() >= 0xfff9 && character.unicode() <= 0xfffb);
}

QString displayText(const QString &text, qsizetype maximum)
{
    QString shown;
    // Looking at a little more than is shown is enough, however long the text is.
    for (const QChar c : QStringView(text).left(4 * maximum)) {
        if (c.isSpace())
            shown += u' ';
        else if (!isSteeringCharacter(c))
            shown += c;
    }
    shown = shown.simplified();
    if (shown.size() <= maximum)
        return shown;
    shown.truncate(maximum - 1);
    if (shown.back().isHighSurrogate())
        shown.chop(1);
    return shown + u'…';
}

QString breakable(const QString &text)
{
    QString result;
    qsizetype run = 0;
    for (const QChar c : text) {
        const bool startsCharacter = !c.isLowSurrogate() && !c.isMark();
        if (run >= longestWord && startsCharacter) {
            result += QChar(0x200b);
            run = 0;
        }
        result += c;
        run = c.isSpace() ? 0 : run + 1;
    }
    return result;
}

QString displayVersion(const QString &version)
{
    return displayText(version, versionLength);
}

QString displaySize(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

} // namespace Freshen
