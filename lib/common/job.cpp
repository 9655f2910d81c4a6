// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/common/job.h"

#include "updater-helper/trust/digest.h"

#include <QThreadPool>

namespace Freshen {

namespace {

constexpr int progressInterval = 50; // ms

} // namespace

Job::Job()
    : m_control(std::make_shared<JobControl>())
{
}

Job *Job::start(Work work)
{
    auto *job = new Job;
    job->startTimer(progressInterval);
    QThreadPool::globalInstance()->start([job, control = job->m_control,
                                          work = std::move(work)] {
        auto result = work(*control);
        Trust::leaveThread();
        // The job lives until this arrives, whatever became of its starter.
        QMetaObject::invokeMethod(job, [job, result = std::move(result)] { job->finish(result); });
    });
    return job;
}

void Job::cancel()
{
    m_control->m_cancelled = true;
    disconnect();
}

void Job::timerEvent(QTimerEvent *)
{
    Q_EMIT progressed(m_control->m_done);
}

void Job::finish(const Result<void> &result)
{
    deleteLater();
    if (m_control->m_cancelled)
        return;
    if (result)
        Q_EMIT succeeded();
    else
        Q_EMIT failed(result.error());
}

} // namespace Freshen
