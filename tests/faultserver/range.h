// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>

#include <optional>

namespace Freshen {

// From the first to the last byte; of none where the last comes before the first.
struct Span {
    qint64 first = 0;
    qint64 last = -1;

    qint64 size() const { return last - first + 1; }
    bool isEmpty() const { return last < first; }
};

// What a Range header asks for in a file of that size, as RFC 9110 section 14 has it. Nothing where
// it has to be ignored: it is wrong, or not about bytes, or (which a server may ignore) about
// several ranges.
std::optional<Span> askedRange(const QByteArray &header, qint64 size);

} // namespace Freshen
