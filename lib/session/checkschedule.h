// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/session/updatersettings.h"

#include <QTimer>

#include <chrono>

namespace Freshen {

// Tells when a check in the background is due: a day after the last one that got an answer, by the
// wall clock, so that a computer's sleep counts. After one without an answer it waits an hour.
class CheckSchedule : public QObject
{
    Q_OBJECT

public:
    explicit CheckSchedule(const UpdaterSettings &settings);

    // To be called after start and whenever a setting changed or a check got its answer.
    void update();

Q_SIGNALS:
    void due();

private:
    std::chrono::milliseconds timeLeft() const;
    void look();

    const UpdaterSettings &m_settings;
    QTimer m_timer;
    std::chrono::milliseconds m_jitter;
    std::chrono::milliseconds m_pause;
};

} // namespace Freshen
