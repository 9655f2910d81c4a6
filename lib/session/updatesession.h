// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/session/feedcheck.h"
#include "lib/session/helperrun.h"
#include "lib/session/stager.h"

namespace Freshen {

// What an install is done with, besides the release.
struct InstallOptions {
    bool launches = true;
    bool keepsOutput = false;
    bool waitsForThisProcess = false;
    int waitSeconds = -1; // for the app's processes to end; -1: as long as it takes
    std::optional<int> readySeconds;
    std::vector<std::string> arguments;
    QString workingDirectory;
};

// One update of one app from the first request to the last word, in steps: check(), stage(),
// arm(), go(). Each step ends with its signal or with failed(). The dialogs' Updater and the
// console drive the same steps.
class UpdateSession : public QObject
{
    Q_OBJECT

public:
    UpdateSession(QNetworkAccessManager *manager, const Installation &installation,
                  QObject *parent = nullptr);
    ~UpdateSession() override;

    const Installation &installation() const { return m_installation; }
    CheckRequest &request() { return m_request; }
    const CheckOutcome &outcome() const { return m_check->outcome(); }
    // The release that is chosen; by default the check's choice.
    const AppcastItem &item() const { return *m_item; }
    bool hasItem() const { return m_item.has_value(); }
    void choose(const std::optional<AppcastItem> &item) { m_item = item; }
    // In all so far.
    qint64 bytesFetched() const { return m_bytesFetched; }
    // How the release came to the disk; see Stager::route().
    QString route() const { return m_route; }
    // See FeedCheck::retryAfter().
    std::optional<std::chrono::seconds> retryAfter() const
    {
        return m_check ? m_check->retryAfter() : std::nullopt;
    }

    void check();
    // Takes the lock, finishes or undoes what an earlier change left, stages the chosen item. Both
    // steps can be tried again after they failed, but not from their own signals.
    void stage(std::chrono::seconds patience = Stager::usualPatience);
    // The same for a release that an earlier session staged, without a check.
    void useStaged(const QString &version);
    // The download of stage(), at any time.
    void setPaused(bool paused);
    // For it, in bytes a second, unless the administrator decided about that; 0: no limit.
    void setMaximumRate(qint64 bytesPerSecond);
    // Starts the helper, which verifies once more and waits.
    void arm(const InstallOptions &options);
    void go(bool startsApp);
    // Whether it is installed as soon as the app quits, whatever becomes of this object.
    bool hasGone() const { return m_hasGone; }
    // Ends whatever goes on. Silent from then on.
    void cancel();
    // Tells an armed helper to let it be, with the staged release kept; failed(CANCELLED) follows.
    void standDown() { m_helper->cancel(); }

Q_SIGNALS:
    void checked();
    void progressed(Freshen::UserDriver::Phase phase, qint64 done, qint64 total);
    // See Stager::failures(); before staged() or failed().
    void sourceFailed(const Freshen::SourceFailure &failure);
    // As that of Download.
    void interrupted(const Freshen::Error &error, qint64 milliseconds);
    void staged();
    void armed();
    void installed(qint64 downtimeMs);
    void failed(const Freshen::Error &error);

private:
    void takeLock(std::function<void()> next);
    void startStager(std::chrono::seconds patience);
    void noteStager();
    void openStaged(const QString &version);

    QNetworkAccessManager *m_manager;
    Installation m_installation;
    CheckRequest m_request;
    std::shared_ptr<Platform::Descriptor> m_lock;
    std::unique_ptr<FeedCheck> m_check;
    std::unique_ptr<Stager> m_stager;
    std::unique_ptr<HelperRun> m_helper;
    QPointer<Job> m_job;
    std::optional<AppcastItem> m_item;
    std::string m_stagedVersion;
    bool m_hasGone = false;
    bool m_isPaused = false;
    qint64 m_maximumRate = 0;
    qint64 m_bytesFetched = 0;
    QString m_route;
};

// Takes the lock and finishes or undoes what an earlier change left. Slow: not in a GUI thread.
Result<std::shared_ptr<Platform::Descriptor>> lockAndRecover(const Installation &installation);

// The order for a change of the install to the version of a tree beside it.
Install::Order makeOrder(const Installation &installation, Install::ChangeKind kind,
                         const std::string &toVersion, const InstallOptions &options);

} // namespace Freshen
