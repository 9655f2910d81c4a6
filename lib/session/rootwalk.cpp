// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/rootwalk.h"

#include "lib/common/convert.h"
#include "lib/transfer/answerhead.h"

#include <QFileInfo>

namespace Freshen {

namespace {

bool isMissingFile(const QUrl &url)
{
    return url.isLocalFile() && !QFileInfo::exists(url.toLocalFile());
}

Error tooLongError(const Trust::Root &root)
{
    return {ErrorCode::ROOT_CHAIN,
            "The publisher's chain of keys goes on after root " + std::to_string(root.version)
                + ", and no more than " + std::to_string(Trust::Root::maximumSteps)
                + " are followed in one go. Try again to go on from there; if it never ends, tell "
                  "the publisher."};
}

} // namespace

RootWalk::RootWalk(QNetworkAccessManager *manager, const UrlPolicy &policy, const QUrl &feed,
                   RootStore store, bool keeps, QObject *parent)
    : QObject(parent)
    , m_manager(manager)
    , m_policy(policy)
    , m_feed(feed)
    , m_store(std::move(store))
    , m_keeps(keeps)
    , m_root(std::make_shared<Trust::SignedRoot>(m_store.first()))
    , m_isMissing(std::make_shared<bool>(false))
{
    m_policy.explain = [missing = m_isMissing](const QNetworkReply &reply) {
        const int status = statusOf(reply);
        *missing = status == 404 || status == 410;
        return std::optional<TransferError>();
    };
}

RootWalk::~RootWalk()
{
    if (m_job)
        m_job->cancel();
}

std::optional<std::chrono::seconds> RootWalk::retryAfter() const
{
    return m_fetch ? m_fetch->retryAfter() : std::nullopt;
}

void RootWalk::start()
{
    runJob([store = m_store, root = m_root](JobControl &) -> Result<void> {
        *root = store.newest();
        return {};
    });
}

// What comes afterwards is the next root.
void RootWalk::runJob(Job::Work work)
{
    m_job = Job::start(std::move(work));
    connect(m_job, &Job::succeeded, this, &RootWalk::ask);
    connect(m_job, &Job::failed, this, &RootWalk::failed);
}

void RootWalk::ask()
{
    const QUrl url = m_feed.resolved(QUrl(QString::number(nextVersion()) + QLatin1String(".root")));
    if (isMissingFile(url)) {
        Q_EMIT finished();
        return;
    }
    m_fetch = std::make_unique<Fetch>(m_manager, m_policy, qint64(Trust::Root::maximumSize),
                                      ErrorCode::ROOT_CHAIN);
    connect(m_fetch.get(), &Fetch::failed, this, &RootWalk::stop);
    connect(m_fetch.get(), &Fetch::finished, this, &RootWalk::take);
    m_fetch->start(url);
}

void RootWalk::stop(const Error &error)
{
    m_received += m_fetch->bytesReceived();
    if (*m_isMissing)
        Q_EMIT finished();
    else
        Q_EMIT failed(error);
}

void RootWalk::take()
{
    m_received += m_fetch->bytesReceived();
    if (m_steps == Trust::Root::maximumSteps) {
        Q_EMIT failed(tooLongError(m_root->root));
        return;
    }
    ++m_steps;
    runJob([text = m_fetch->content().toStdString(), store = m_store, keeps = m_keeps,
            root = m_root](JobControl &) -> Result<void> {
        auto next = Trust::nextRoot(root->root, text);
        if (!next)
            return failure(next);
        // What is forgotten could be withheld at the next check.
        if (const auto kept = keeps ? store.keep(*next) : Result<void>(); !kept)
            return kept;
        *root = std::move(*next);
        return {};
    });
}

} // namespace Freshen
