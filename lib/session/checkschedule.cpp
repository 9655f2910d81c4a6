// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/checkschedule.h"

#include <QRandomGenerator>

#include <algorithm>

namespace Freshen {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr auto checkInterval = 24h;
constexpr auto lookInterval = 1h;
constexpr auto startDelay = 5s; // before an overdue check: the app's own start comes first
constexpr int maximumJitter = 60'000; // ms: not all apps of one morning at once

} // namespace

CheckSchedule::CheckSchedule(const UpdaterSettings &settings)
    : m_settings(settings)
    , m_jitter(QRandomGenerator::global()->bounded(maximumJitter))
    , m_pause(startDelay)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::VeryCoarseTimer);
    connect(&m_timer, &QTimer::timeout, this, &CheckSchedule::look);
}

void CheckSchedule::update()
{
    if (!m_settings.automaticallyChecks())
        return m_timer.stop();
    m_timer.start(std::clamp<milliseconds>(timeLeft(), m_pause, lookInterval));
}

milliseconds CheckSchedule::timeLeft() const
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const QDateTime last = m_settings.lastCheckTime();
    // A time in the future comes from a clock that was wrong.
    if (!last.isValid() || last > now)
        return 0ms;
    return checkInterval + m_jitter - milliseconds(last.msecsTo(now));
}

void CheckSchedule::look()
{
    if (timeLeft() <= 0ms) {
        m_pause = lookInterval;
        Q_EMIT due();
    }
    update();
}

} // namespace Freshen
