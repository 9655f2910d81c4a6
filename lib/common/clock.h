// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/core_export.h>

#include <QDateTime>
#include <QObject>

#include <chrono>
#include <memory>

namespace Freshen {

// Rings once, some time after it was started.
class FRESHEN_CORE_EXPORT Alarm : public QObject
{
    Q_OBJECT

public:
    virtual void start(std::chrono::milliseconds time) = 0;
    virtual void stop() = 0;

Q_SIGNALS:
    void rang();
};

// The wall clock and its alarms, for all that happens hours and days later: a test can let a year
// pass.
class FRESHEN_CORE_EXPORT Clock
{
public:
    virtual ~Clock();
    virtual QDateTime now() const; // UTC
    virtual std::unique_ptr<Alarm> makeAlarm() const;

    // The computer's, unless it was replaced.
    static const Clock &current();
    // Until the next call; nullptr brings the computer's clock back.
    static void replace(const Clock *clock);
};

} // namespace Freshen
