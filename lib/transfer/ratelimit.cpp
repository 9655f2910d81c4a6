// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/ratelimit.h"

#include <algorithm>

namespace Freshen {

void RateLimit::setMaximum(qint64 bytesPerSecond)
{
    m_maximum = bytesPerSecond;
    m_left = 0;
    m_since.start();
    m_timer.stop();
    Q_EMIT refilled();
}

// What is not used within a second is gone, so that a pause is not followed by a rush.
void RateLimit::refill()
{
    const double passed = std::min(double(m_since.nsecsElapsed()) / 1e9, 1.0);
    m_since.start();
    m_left = std::min(m_left + qint64(double(m_maximum) * passed), m_maximum);
}

void RateLimit::take(qint64 bytes)
{
    if (m_maximum <= 0)
        return;
    refill();
    m_left -= bytes;
    if (m_left < 0 && !m_timer.isActive())
        m_timer.start(int(std::clamp<qint64>(-m_left * 1000 / m_maximum, 20, 1000)), this);
}

void RateLimit::timerEvent(QTimerEvent *)
{
    refill();
    if (m_left < 0)
        return;
    m_timer.stop();
    Q_EMIT refilled();
}

} // namespace Freshen
