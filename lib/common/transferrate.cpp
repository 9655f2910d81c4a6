// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/common/transferrate.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace Freshen {

namespace {

constexpr qint64 window = 5000;
constexpr qint64 shortest = 1000;

} // namespace

void TransferRate::add(qint64 done, qint64 total, qint64 milliseconds)
{
    m_total = total;
    if (!m_samples.empty() && done < m_samples.back().done)
        m_samples.clear(); // it began again
    if (done <= 0 && total <= 0)
        return;
    m_samples.push_back({done, milliseconds});
    while (m_samples.front().milliseconds < milliseconds - window)
        m_samples.pop_front();
}

double TransferRate::bytesPerSecond() const
{
    if (m_samples.empty())
        return 0;
    const qint64 time = m_samples.back().milliseconds - m_samples.front().milliseconds;
    if (time < shortest)
        return 0;
    return 1000.0 * double(m_samples.back().done - m_samples.front().done) / double(time);
}

// Not by the wall clock, which people set.
qint64 TransferRate::now()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

qint64 TransferRate::secondsLeft() const
{
    const double rate = bytesPerSecond();
    if (rate <= 0 || m_total <= 0)
        return -1;
    const qint64 remaining = std::max<qint64>(m_total - m_samples.back().done, 0);
    return qint64(std::ceil(double(remaining) / rate));
}

} // namespace Freshen
