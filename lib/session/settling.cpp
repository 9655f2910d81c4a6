// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/settling.h"

#include "lib/common/job.h"
#include "lib/session/downloadfolder.h"
#include "lib/session/feedcache.h"
#include "platform/process.h"

#include <QLoggingCategory>
#include <QTimer>

namespace Freshen {

namespace {

Q_LOGGING_CATEGORY(logSettling, "freshen.settling", QtWarningMsg)

using namespace std::chrono_literals;

constexpr auto interval = 250ms;
constexpr int maximumTries = 600; // a helper may wait two minutes for "ready"

void logFailure(const Error &error)
{
    qCWarning(logSettling, "The last update could not be settled: %s", error.message.c_str());
}

} // namespace

Settling::Settling(Installation installation)
    : m_installation(std::move(installation))
{
}

void Settling::start()
{
    auto report = std::make_shared<StartupReport>();
    Job *job = Job::start([app = m_installation, report](JobControl &) -> Result<void> {
        auto settled = settleAtStart(app, Platform::currentArguments());
        if (!settled)
            return failure(settled);
        *report = std::move(*settled);
        if (report->verdict == StartupVerdict::Settled) {
            DownloadFolder::removeForgotten();
            FeedCache::removeForgotten();
        }
        return {};
    });
    connect(job, &Job::succeeded, this, [this, report] { act(*report); });
    connect(job, &Job::failed, this, logFailure);
}

void Settling::act(const StartupReport &report)
{
    switch (report.verdict) {
    case StartupVerdict::Settled:
        if (report.news)
            Q_EMIT told(*report.news);
        Q_EMIT settled();
        break;
    case StartupVerdict::Busy:
        if (++m_tries < maximumTries)
            QTimer::singleShot(interval, this, &Settling::start);
        break;
    case StartupVerdict::CommitWhenReady: {
        // This is the event loop: the new version works.
        Job *job = Job::start([app = m_installation](JobControl &) { return commitAtStart(app); });
        connect(job, &Job::succeeded, this, &Settling::start);
        connect(job, &Job::failed, this, logFailure);
        break;
    }
    case StartupVerdict::WentBack:
        qCWarning(logSettling, "This version missed its chance; the previous one is back.");
        Q_EMIT wentBack();
        break;
    }
}

} // namespace Freshen
