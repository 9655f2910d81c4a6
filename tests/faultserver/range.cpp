// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/faultserver/range.h"

#include <QRegularExpression>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

std::optional<Span> askedRange(const QByteArray &header, qint64 size)
{
    static const QRegularExpression form(u"^bytes=\\s*([0-9]{0,18})-([0-9]{0,18})$"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    const auto match = form.match(QString::fromLatin1(header));
    const QString first = match.captured(1);
    const QString last = match.captured(2);
    if (first.isEmpty() && last.isEmpty())
        return {};
    if (first.isEmpty()) {
        const qint64 count = last.toLongLong();
        return count == 0 ? Span{} : Span{std::max<qint64>(0, size - count), size - 1};
    }
    Span span{first.toLongLong(), last.isEmpty() ? size - 1 : last.toLongLong()};
    if (!last.isEmpty() && span.isEmpty())
        return {};
    span.last = std::min(span.last, size - 1);
    return span;
}

} // namespace Freshen
