// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/feeddate.h"

#include <QRegularExpression>

#include <array>
#include <optional>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

struct Zone {
    QLatin1StringView name;
    int hours;
};

constexpr std::array zones = {
    Zone{"GMT"_L1, 0},  Zone{"UTC"_L1, 0},  Zone{"UT"_L1, 0},   Zone{"Z"_L1, 0},
    Zone{"EST"_L1, -5}, Zone{"EDT"_L1, -4}, Zone{"CST"_L1, -6}, Zone{"CDT"_L1, -5},
    Zone{"MST"_L1, -7}, Zone{"MDT"_L1, -6}, Zone{"PST"_L1, -8}, Zone{"PDT"_L1, -7},
};

std::optional<int> offsetSeconds(const QString &zone)
{
    for (const Zone &known : zones) {
        if (zone.compare(known.name, Qt::CaseInsensitive) == 0)
            return known.hours * 3600;
    }
    if (zone.size() != 5)
        return std::nullopt;
    const int seconds = zone.mid(1, 2).toInt() * 3600 + zone.mid(3, 2).toInt() * 60;
    return zone.startsWith(u'-') ? -seconds : seconds;
}

int monthNumber(const QString &name)
{
    constexpr auto months = "janfebmaraprmayjunjulaugsepoctnovdec"_L1;
    const qsizetype position = months.indexOf(name.toLower());
    return position % 3 == 0 ? int(position / 3) + 1 : 0;
}

// Years of two or three digits, as RFC 5322 section 4.3 reads them.
int fullYear(const QString &digits)
{
    const int year = digits.toInt();
    if (digits.size() == 2)
        return year < 50 ? year + 2000 : year + 1900;
    return digits.size() == 3 ? year + 1900 : year;
}

} // namespace

QDateTime parsePublicationDate(const QString &text)
{
    static const QRegularExpression form(
        u"^(?:[^,\\d]*,)?\\s*(\\d{1,2})\\s+([a-z]{3})\\s+(\\d{2,4})\\s+"
        "(\\d{1,2}):(\\d{2})(?::(\\d{2}))?\\s*([-+]\\d{4}|[a-z]{1,3})\\s*(?:\\([^()]*\\)\\s*)?$"_s,
        QRegularExpression::CaseInsensitiveOption);
    const auto match = form.match(text);
    if (!match.hasMatch())
        return {};
    const auto number = [&match](int group) { return match.captured(group).toInt(); };
    const QDate date(fullYear(match.captured(3)), monthNumber(match.captured(2)), number(1));
    const QTime time(number(4), number(5), number(6));
    const std::optional<int> offset = offsetSeconds(match.captured(7));
    if (!date.isValid() || !time.isValid() || !offset)
        return {};
    return QDateTime(date, time, Qt::UTC).addSecs(-*offset);
}

QDateTime parseUtcTime(const QString &text)
{
    QDateTime time = QDateTime::fromString(text, u"yyyy-MM-dd'T'HH:mm:ss'Z'"_s);
    time.setTimeSpec(Qt::UTC);
    return time;
}

} // namespace Freshen
