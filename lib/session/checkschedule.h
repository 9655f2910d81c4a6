// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/common/clock.h"

#include <memory>

namespace Freshen {

class UpdaterSettings;

// Tells when a check in the background is due, by the wall clock, so that a computer's sleep
// counts. After a check without an answer it waits an hour, or as long as the server wishes.
class CheckSchedule : public QObject
{
    Q_OBJECT

public:
    explicit CheckSchedule(UpdaterSettings &settings);

    // To be called after start and whenever a setting changed or a check got its answer.
    void update();
    // The same, for a setting that may change the answer: the next check is due soon.
    void hasten();

Q_SIGNALS:
    void due();
    void scheduled(const QDateTime &time);

private:
    std::chrono::milliseconds timeLeft() const;
    std::chrono::milliseconds timeLeftByInterval() const;
    std::chrono::milliseconds timeLeftByServer() const;
    void look();

    UpdaterSettings &m_settings;
    std::unique_ptr<Alarm> m_alarm;
    std::chrono::milliseconds m_pause;
    bool m_isHastened = false;
};

} // namespace Freshen
