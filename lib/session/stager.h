// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/common/job.h"
#include "lib/session/staging.h"
#include "lib/transfer/download.h"
#include "lib/transfer/fetch.h"

#include <Freshen/userdriver.h>

#include <QPointer>

namespace Freshen {

// Brings a release to the disk beside the app, verified: looks whether that can work at all,
// fetches the manifest, if the item has one, then the package, and unpacks it. Deleting it ends
// it and leaves nothing but what is complete.
class Stager : public QObject
{
    Q_OBJECT

public:
    // `lock` is the install's; it is held until even a cancelled job has ended.
    Stager(QNetworkAccessManager *manager, const Installation &installation,
           const AppcastItem &item, const UrlPolicy &policy,
           std::shared_ptr<Platform::Descriptor> lock, QObject *parent = nullptr);
    ~Stager() override;

    // A package without a manifest has to be as long as the feed says, not just no longer.
    void requireExactLength() { m_needsExactLength = true; }
    void start();

    const Trust::Manifest &manifest() const { return m_plan->manifest; }
    qint64 bytesFetched() const { return m_bytesFetched; }
    // "full", or "staged" when nothing had to be fetched.
    QString route() const;

Q_SIGNALS:
    void progressed(Freshen::UserDriver::Phase phase, qint64 done, qint64 total);
    void finished();
    void failed(const Freshen::Error &error);

private:
    bool isPlain() const { return !m_item.manifest; }
    DownloadRequest downloadRequest() const;
    void runJob(Job::Work work, UserDriver::Phase phase, qint64 total, void (Stager::*next)());
    void fetchManifest();
    void fetchManifestSignature();
    void planStaging();
    void getPackage();
    void unpack();

    QNetworkAccessManager *m_manager;
    const Installation m_installation;
    const AppcastItem m_item;
    const UrlPolicy m_policy;
    std::shared_ptr<Platform::Descriptor> m_lock;
    std::shared_ptr<StagePlan> m_plan;
    QString m_package; // the downloaded file
    std::unique_ptr<Fetch> m_fetch;
    std::unique_ptr<Download> m_download;
    QPointer<Job> m_job;
    qint64 m_bytesFetched = 0;
    bool m_needsExactLength = false;
};

} // namespace Freshen
