// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtGlobal>

#include <deque>

namespace Freshen {

// How fast something goes, smoothed over the last seconds.
class TransferRate
{
public:
    // \a done bytes were there at \a milliseconds, counted from any fixed moment.
    void add(qint64 done, qint64 milliseconds);
    // Bytes per second; 0 while it is too early to tell and when nothing moves.
    double bytesPerSecond() const;
    // Seconds until \a remaining bytes will be there; -1 when nobody can tell.
    qint64 secondsLeft(qint64 remaining) const;

private:
    struct Sample {
        qint64 done;
        qint64 milliseconds;
    };
    std::deque<Sample> m_samples;
};

} // namespace Freshen
