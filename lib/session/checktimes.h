// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDateTime>

#include <chrono>

namespace Freshen {

// When a check is due after the one at `last`. Every install has a place of its own in the
// interval, from 0 to 1, and checks when the wall clock gets there: so the checks of many spread
// evenly, even if all were started at nine o'clock. Between two checks lies half an interval at
// least, one and a half at most.
QDateTime nextCheckTime(const QDateTime &last, std::chrono::seconds interval, double place);

} // namespace Freshen
