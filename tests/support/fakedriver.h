// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/userdriver.h>

#include <QStringList>

namespace Freshen {

// A person who notes all that is said, and answers when the test does.
class FakeDriver : public UserDriver
{
public:
    // In the order in which it was said: "found 2.0", "progress Downloading", "error NETWORK", …
    // Progress of one phase is noted once.
    QStringList heard;
    // What was said since the last call.
    QStringList takeHeard() { return std::exchange(heard, {}); }

    // The replies to the questions; empty before they are asked.
    std::function<void(Permission)> permit;
    std::function<void(Choice)> choose;
    std::function<void(InstallTime)> install;
    std::function<void(ProxyLogin)> logIn;

    Release release;
    Release updated; // what showUpdated() told of
    QString sentence;
    UpdateError error;
    QString notes;
    bool wasUserInitiated = false;
    QString proxy; // that wants a login
    QList<int> waits; // seconds, of each interruption
    // Called on each progress.
    std::function<void(Phase phase, qint64 done, qint64 total)> onProgress;

    void askPermission(std::function<void(Permission)> reply) override;
    void showUpdateFound(const Release &found, bool userInitiated,
                         std::function<void(Choice)> reply) override;
    void showReleaseNotes(const QString &text, Release::NotesFormat format) override;
    void showReleaseNotesFailed(const UpdateError &problem) override;
    void showProgress(Phase phase, qint64 done, qint64 total) override;
    void showInterrupted(const UpdateError &cause, int secondsToNextTry) override;
    void askProxyLogin(const QString &asking, std::function<void(ProxyLogin)> reply) override;
    void showReadyToInstall(const Release &ready, std::function<void(InstallTime)> reply) override;
    void quitApplication() override { heard += QStringLiteral("quit"); }
    void showNoUpdate(const QString &text) override;
    void showError(const UpdateError &problem) override;
    void showUpdated(const QString &from, const Release &now) override;
    void dismiss() override { heard += QStringLiteral("dismiss"); }
    void requestAttention() override { heard += QStringLiteral("attention"); }
};

} // namespace Freshen
