// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/common/job.h"
#include "lib/freshness/rootstore.h"
#include "lib/transfer/fetch.h"

#include <QPointer>

namespace Freshen {

// From the newest root that is trusted to the publisher's newest: 2.root, 3.root, … beside the
// feed, each kept as soon as it is verified, until one is missing. Deleting it ends it.
class RootWalk : public QObject
{
    Q_OBJECT

public:
    // With `keeps` false the store is read, never written.
    RootWalk(QNetworkAccessManager *manager, const UrlPolicy &policy, const QUrl &feed,
             RootStore store, bool keeps, QObject *parent = nullptr);
    ~RootWalk() override;

    void start();
    // The newest one that is trusted so far, also after a failure.
    const Trust::SignedRoot &root() const { return *m_root; }
    qint64 bytesReceived() const { return m_received; }
    std::optional<std::chrono::seconds> retryAfter() const;

Q_SIGNALS:
    void finished();
    void failed(const Freshen::Error &error);

private:
    quint64 nextVersion() const { return m_root->root.version + 1; }
    void runJob(Job::Work work);
    void ask();
    void take();
    void stop(const Error &error);

    QNetworkAccessManager *m_manager;
    UrlPolicy m_policy;
    QUrl m_feed;
    RootStore m_store;
    bool m_keeps;
    std::shared_ptr<Trust::SignedRoot> m_root;
    std::shared_ptr<bool> m_isMissing; // the server has no such file
    std::unique_ptr<Fetch> m_fetch;
    QPointer<Job> m_job;
    int m_steps = 0;
    qint64 m_received = 0;
};

} // namespace Freshen
