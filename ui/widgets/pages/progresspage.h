// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/common/transferrate.h"
#include "ui/widgets/pages/page.h"

#include <Freshen/userdriver.h>

#include <QDeadlineTimer>
#include <QTimer>

#include <optional>

class QProgressBar;

namespace Freshen {

// What goes on, how far it is and how long it will take.
class ProgressPage : public Page
{
    Q_OBJECT

public:
    // \a subject: what is downloaded and installed, "Notes 2.0".
    explicit ProgressPage(const QString &subject);

    UserDriver::Phase phase() const { return m_phase; }
    void showProgress(UserDriver::Phase phase, qint64 done, qint64 total);
    // Until the next progress.
    void showInterrupted(const UpdateError &cause, int secondsToNextTry);
    void showPaused(bool paused);
    void leave() override;

Q_SIGNALS:
    void cancelled();
    // The person wants the download to stand still, or to go on.
    void pauseChosen(bool paused);

private:
    void begin(UserDriver::Phase phase);
    void showBar();
    void showDetails();
    QString details() const;
    QString pausedDetails() const;
    QString waitingDetails() const;
    void endInterruption();

    QString m_subject;
    QProgressBar *m_bar;
    QLabel *m_details;
    QLabel *m_cause;
    QPushButton *m_pause;
    bool m_isPaused = false;
    std::optional<QDeadlineTimer> m_nextTry; // while the network is away
    UserDriver::Phase m_phase = UserDriver::Phase::Checking;
    qint64 m_done = 0;
    qint64 m_total = 0;
    TransferRate m_rate;
    QTimer m_refresh;
};

} // namespace Freshen
