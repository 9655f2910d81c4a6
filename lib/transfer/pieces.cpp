// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/pieces.h"

#include <algorithm>
#include <numeric>

namespace Freshen {

namespace {

constexpr qint64 smallestPiece = 8 << 20;

constexpr qint64 quotient(qint64 length, qint64 size)
{
    return (length + size - 1) / size;
}

} // namespace

Pieces::Pieces(qint64 length, qint64 pieceSize)
    : m_length(length)
    , m_pieceSize(std::max<qint64>(pieceSize, 1))
    , m_done(std::size_t(std::max<qint64>(quotient(length, m_pieceSize), 1)))
{
}

Pieces Pieces::of(qint64 length)
{
    return Pieces(length, std::max(smallestPiece, quotient(length, maximumCount)));
}

qint64 Pieces::done() const
{
    return std::accumulate(m_done.begin(), m_done.end(), qint64(0));
}

qint64 Pieces::frontier() const
{
    for (int piece = 0; piece < count(); ++piece) {
        if (missing(piece) > 0)
            return next(piece);
    }
    return m_length;
}

bool Pieces::setDone(const std::vector<qint64> &done)
{
    if (done.size() != m_done.size())
        return false;
    for (int piece = 0; piece < count(); ++piece) {
        const qint64 bytes = done.at(std::size_t(piece));
        if (bytes < 0 || bytes > end(piece) - begin(piece))
            return false;
    }
    m_done = done;
    return true;
}

} // namespace Freshen
