// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/common/clock.h"

#include <QList>

#include <functional>

namespace Freshen {

class VirtualAlarm;

// The library's clock while it lives: time passes when the test says so. Make it before anything
// that looks at a clock.
class VirtualClock : public Clock
{
public:
    explicit VirtualClock(const QDateTime &start = QDateTime::currentDateTimeUtc());
    ~VirtualClock() override;

    QDateTime now() const override { return m_now; }
    std::unique_ptr<Alarm> makeAlarm() const override;

    // Lets time pass; alarms ring in their order, and `settle` is called after each.
    void pass(std::chrono::milliseconds time, const std::function<void()> &settle = {});
    // The computer sleeps: the wall clock goes on, alarms do not.
    void sleep(std::chrono::milliseconds time) { m_now = m_now.addMSecs(time.count()); }
    // Somebody sets the clock.
    void set(const QDateTime &now) { m_now = now; }

private:
    friend class VirtualAlarm;

    QDateTime m_now;
    qint64 m_awake = 0; // ms that passed for alarms
    mutable QList<VirtualAlarm *> m_alarms; // those that were started
};

} // namespace Freshen
