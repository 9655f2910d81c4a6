// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDateTime>

namespace Freshen {

// A <pubDate>: a date of RFC 822 or RFC 5322, zone names included, in UTC. Invalid when it is none.
QDateTime parsePublicationDate(const QString &text);

// Freshen's own form of a time, "2026-11-22T10:00:00Z", and no other.
QDateTime parseUtcTime(const QString &text);

} // namespace Freshen
