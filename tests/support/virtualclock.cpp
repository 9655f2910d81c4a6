// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/virtualclock.h"

#include <algorithm>

namespace Freshen {

class VirtualAlarm : public Alarm
{
public:
    explicit VirtualAlarm(const VirtualClock &clock)
        : m_clock(clock)
    {
    }
    ~VirtualAlarm() override { stop(); }

    void start(std::chrono::milliseconds time) override
    {
        stop();
        due = m_clock.m_awake + time.count();
        m_clock.m_alarms.append(this);
    }
    void stop() override { m_clock.m_alarms.removeOne(this); }

    qint64 due = 0;

private:
    const VirtualClock &m_clock;
};

VirtualClock::VirtualClock(const QDateTime &start)
    : m_now(start)
{
    Clock::replace(this);
}

VirtualClock::~VirtualClock()
{
    Clock::replace(nullptr);
}

std::unique_ptr<Alarm> VirtualClock::makeAlarm() const
{
    return std::make_unique<VirtualAlarm>(*this);
}

void VirtualClock::pass(std::chrono::milliseconds time, const std::function<void()> &settle)
{
    const qint64 end = m_awake + time.count();
    while (true) {
        const auto next = std::min_element(
            m_alarms.begin(), m_alarms.end(),
            [](const VirtualAlarm *left, const VirtualAlarm *right) {
                return left->due < right->due;
            });
        const bool rings = next != m_alarms.end() && (*next)->due <= end;
        const qint64 until = rings ? (*next)->due : end;
        m_now = m_now.addMSecs(until - m_awake);
        m_awake = until;
        if (!rings)
            return;
        VirtualAlarm *alarm = *next;
        alarm->stop();
        Q_EMIT alarm->rang();
        if (settle)
            settle();
    }
}

} // namespace Freshen
