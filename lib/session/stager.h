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
// fetches the manifest, if the item has one, then the package, and unpacks it. What one address of
// a file does not have is asked of the next. Deleting it ends it and leaves nothing but what is
// complete, and what the next one can go on with.
class Stager : public QObject
{
    Q_OBJECT

public:
    // How long to keep trying while nothing new arrives.
    static constexpr std::chrono::seconds usualPatience{600};

    // `lock` is the install's; it is held until even a cancelled job has ended.
    Stager(QNetworkAccessManager *manager, const Installation &installation,
           const AppcastItem &item, const UrlPolicy &policy,
           std::shared_ptr<Platform::Descriptor> lock, QObject *parent = nullptr);
    ~Stager() override;

    // A package without a manifest has to be as long as the feed says, not just no longer.
    void requireExactLength() { m_needsExactLength = true; }
    void setPatience(std::chrono::seconds patience) { m_policy.limits.patience = patience; }
    void start();
    // As those of Download; at any time.
    void setPaused(bool paused);
    void setMaximumRate(qint64 bytesPerSecond);

    const Trust::Manifest &manifest() const { return m_plan->manifest; }
    qint64 bytesFetched() const { return m_bytesFetched; }
    // What went wrong at which address, also where another one had the file.
    const QList<SourceFailure> &failures() const { return m_failures; }
    // "full", or "staged" when nothing had to be fetched.
    QString route() const;

Q_SIGNALS:
    void progressed(Freshen::UserDriver::Phase phase, qint64 done, qint64 total);
    // As that of Download.
    void interrupted(const Freshen::Error &error, qint64 milliseconds);
    void finished();
    void failed(const Freshen::Error &error);

private:
    bool isPlain() const { return !m_item.manifest; }
    DownloadRequest downloadRequest() const;
    void runJob(Job::Work work, UserDriver::Phase phase, qint64 total, void (Stager::*next)());
    void fetch(const QList<QUrl> &urls, qint64 limit, const QString &sha256, QByteArray *content,
               void (Stager::*next)());
    void noteTransfer(qint64 bytes, const QList<SourceFailure> &failures);
    void fetchManifest();
    void fetchManifestSignature();
    void planStaging();
    void getPackage();
    void unpack();

    QNetworkAccessManager *m_manager;
    const Installation m_installation;
    const AppcastItem m_item;
    UrlPolicy m_policy;
    std::shared_ptr<Platform::Descriptor> m_lock;
    std::shared_ptr<StagePlan> m_plan;
    QString m_package; // the downloaded file
    std::unique_ptr<Fetch> m_fetch;
    std::unique_ptr<Download> m_download;
    QPointer<Job> m_job;
    QList<SourceFailure> m_failures;
    qint64 m_bytesFetched = 0;
    bool m_needsExactLength = false;
    bool m_isPaused = false;
    qint64 m_maximumRate = 0;
};

// "… failed: why".
QString toSentence(const SourceFailure &failure);

} // namespace Freshen
