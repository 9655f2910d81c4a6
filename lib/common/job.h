// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/result.h"

#include <QObject>

#include <atomic>
#include <functional>
#include <memory>

namespace Freshen {

// What a job's work sees of whoever started it.
class JobControl
{
public:
    bool isCancelled() const { return m_cancelled; }
    // Notes how far the work is; returns whether it should go on.
    bool advance(qint64 done)
    {
        m_done = done;
        return !m_cancelled;
    }

private:
    friend class Job;
    std::atomic<bool> m_cancelled = false;
    std::atomic<qint64> m_done = 0;
};

// Work in another thread. Signals come in the thread that started it; afterwards the job deletes
// itself. A job that is cancelled is silent from then on.
class Job : public QObject
{
    Q_OBJECT

public:
    using Work = std::function<Result<void>(JobControl &control)>;

    static Job *start(Work work);
    void cancel();

Q_SIGNALS:
    void progressed(qint64 done);
    void succeeded();
    void failed(const Freshen::Error &error);

private:
    Job();
    void timerEvent(QTimerEvent *event) override;
    void finish(const Result<void> &result);

    std::shared_ptr<JobControl> m_control;
};

} // namespace Freshen
