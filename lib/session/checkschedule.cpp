// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/checkschedule.h"

#include "lib/session/checktimes.h"
#include "lib/session/updatersettings.h"

#include <algorithm>

namespace Freshen {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds lookInterval = 1h; // alarms do not count a computer's sleep
constexpr milliseconds longestWish = 24h; // of a server
constexpr milliseconds startDelay = 1s; // before an overdue check: the app's own start comes first

} // namespace

CheckSchedule::CheckSchedule(UpdaterSettings &settings)
    : m_settings(settings)
    , m_alarm(Clock::current().makeAlarm())
    , m_pause(startDelay)
{
    connect(m_alarm.get(), &Alarm::rang, this, &CheckSchedule::look);
}

void CheckSchedule::update()
{
    if (!m_settings.automaticallyChecks())
        return m_alarm->stop();
    const milliseconds time = std::max(timeLeft(), m_pause);
    m_alarm->start(std::min(time, lookInterval));
    Q_EMIT scheduled(Clock::current().now().addMSecs(time.count()));
}

void CheckSchedule::hasten()
{
    m_isHastened = true;
    m_pause = startDelay;
    update();
}

milliseconds CheckSchedule::timeLeft() const
{
    return std::max(timeLeftByInterval(), timeLeftByServer());
}

milliseconds CheckSchedule::timeLeftByServer() const
{
    const QDateTime wish = m_settings.earliestCheckTime();
    if (!wish.isValid())
        return 0ms;
    const milliseconds time(Clock::current().now().msecsTo(wish));
    return time > longestWish ? 0ms : time; // or the clock was wrong then
}

milliseconds CheckSchedule::timeLeftByInterval() const
{
    const QDateTime now = Clock::current().now();
    const QDateTime last = m_settings.lastCheckTime();
    // A time in the future comes from a clock that was wrong.
    if (m_isHastened || !last.isValid() || last > now)
        return 0ms;
    const QDateTime next = nextCheckTime(last, m_settings.checkInterval(),
                                         m_settings.placeInInterval());
    return milliseconds(now.msecsTo(next));
}

void CheckSchedule::look()
{
    if (timeLeft() <= 0ms) {
        m_isHastened = false;
        m_pause = lookInterval;
        Q_EMIT due();
    }
    update();
}

} // namespace Freshen
