// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/text/transferrate.h"

#include <cmath>

namespace Freshen {

namespace {

constexpr qint64 window = 5000;
constexpr qint64 shortest = 1000;

} // namespace

void TransferRate::add(qint64 done, qint64 milliseconds)
{
    if (!m_samples.empty() && done < m_samples.back().done)
        m_samples.clear(); // it began again
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

qint64 TransferRate::secondsLeft(qint64 remaining) const
{
    const double rate = bytesPerSecond();
    return rate > 0 ? qint64(std::ceil(double(remaining) / rate)) : -1;
}

} // namespace Freshen
