// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtGlobal>

#include <algorithm>
#include <vector>

namespace Freshen {

// A file in pieces of equal size, each of which arrives from its begin to its end.
class Pieces
{
public:
    // So many at most, so that what is known about them stays small.
    static constexpr qint64 maximumCount = 64;

    Pieces() = default;
    // Of a size that makes asking for each by itself cheap.
    static Pieces of(qint64 length);
    static Pieces inOne(qint64 length) { return Pieces(length, length); }
    Pieces(qint64 length, qint64 pieceSize);

    qint64 length() const { return m_length; }
    qint64 pieceSize() const { return m_pieceSize; }
    int count() const { return int(m_done.size()); }
    qint64 begin(int piece) const { return piece * m_pieceSize; }
    qint64 end(int piece) const { return std::min(begin(piece) + m_pieceSize, m_length); }
    qint64 done(int piece) const { return m_done.at(std::size_t(piece)); }
    // Where the next byte of the piece belongs.
    qint64 next(int piece) const { return begin(piece) + done(piece); }
    qint64 missing(int piece) const { return end(piece) - next(piece); }

    // Of all of them.
    qint64 done() const;
    bool isComplete() const { return done() == m_length; }
    // So many bytes from the file's begin on are there.
    qint64 frontier() const;
    void add(int piece, qint64 bytes) { m_done.at(std::size_t(piece)) += bytes; }
    // As it was noted before; false where that makes no sense.
    bool setDone(const std::vector<qint64> &done);
    const std::vector<qint64> &all() const { return m_done; }

private:
    qint64 m_length = 0;
    qint64 m_pieceSize = 0;
    std::vector<qint64> m_done; // bytes of each piece
};

} // namespace Freshen
