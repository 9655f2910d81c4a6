// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/package/sourcedate.h"

#include "lib/common/convert.h"
#include "updater-helper/trust/text.h"

namespace Freshen {

Result<std::optional<QDateTime>> sourceDate()
{
    constexpr const char *variable = "SOURCE_DATE_EPOCH";
    // The last second of the year 9999: later ones have no four-digit year.
    constexpr std::uint64_t latest = 253402300799;
    if (!qEnvironmentVariableIsSet(variable))
        return std::nullopt;
    const auto seconds = Trust::parseNumber(toView(qgetenv(variable)));
    if (!seconds || *seconds > latest)
        return failure(ErrorCode::CONFIG,
                       "SOURCE_DATE_EPOCH is no number of seconds since 1970. "
                       "Correct or unset it.");
    return QDateTime::fromSecsSinceEpoch(qint64(*seconds), Qt::UTC);
}

} // namespace Freshen
