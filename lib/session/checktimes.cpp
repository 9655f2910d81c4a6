// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/checktimes.h"

#include <cmath>

namespace Freshen {

QDateTime nextCheckTime(const QDateTime &last, std::chrono::seconds interval, double place)
{
    const auto length = double(std::chrono::milliseconds(interval).count());
    const double earliest = double(last.toMSecsSinceEpoch()) + length / 2;
    const double turn = std::ceil(earliest / length - place);
    return QDateTime::fromMSecsSinceEpoch(std::llround((turn + place) * length), Qt::UTC);
}

} // namespace Freshen
