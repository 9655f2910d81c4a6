// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/core_export.h>

#include <QtGlobal>

#include <deque>

namespace Freshen {

// How fast something goes and how long it will take, smoothed over the last seconds. What is there
// at first was there before, and counts for nothing.
class FRESHEN_CORE_EXPORT TransferRate
{
public:
    // So many bytes are there now, or were at a time in milliseconds from any fixed moment. A
    // `total` of 0 is an unknown one; with nothing done either, nothing has begun yet.
    void add(qint64 done, qint64 total) { add(done, total, now()); }
    void add(qint64 done, qint64 total, qint64 milliseconds);
    // It stands still, and not because it is slow.
    void interrupt() { m_samples.clear(); }
    // 0 while it is too early to tell and when nothing moves.
    double bytesPerSecond() const;
    // -1 when nobody can tell.
    qint64 secondsLeft() const;

private:
    struct Sample {
        qint64 done;
        qint64 milliseconds;
    };
    static qint64 now();

    std::deque<Sample> m_samples;
    qint64 m_total = 0;
};

} // namespace Freshen
