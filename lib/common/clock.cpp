// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/common/clock.h"

#include <QTimer>

#include <atomic>

namespace Freshen {

namespace {

class SystemAlarm : public Alarm
{
public:
    SystemAlarm()
    {
        m_timer.setSingleShot(true);
        m_timer.setTimerType(Qt::VeryCoarseTimer);
        connect(&m_timer, &QTimer::timeout, this, &Alarm::rang);
    }

    void start(std::chrono::milliseconds time) override { m_timer.start(time); }
    void stop() override { m_timer.stop(); }

private:
    QTimer m_timer;
};

std::atomic<const Clock *> replacement = nullptr;

} // namespace

Clock::~Clock() = default;

QDateTime Clock::now() const
{
    return QDateTime::currentDateTimeUtc();
}

std::unique_ptr<Alarm> Clock::makeAlarm() const
{
    return std::make_unique<SystemAlarm>();
}

const Clock &Clock::current()
{
    static const Clock system;
    const Clock *clock = replacement;
    return clock ? *clock : system;
}

void Clock::replace(const Clock *clock)
{
    replacement = clock;
}

} // namespace Freshen
