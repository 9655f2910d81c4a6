// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The half that waits and starts: for the app to quit, then the new version, then its "ready". It
// runs with the rights of the person, whatever rights the installer has.

#pragma once

#include "platform/ready.h"
#include "platform/signals.h"
#include "updater-helper/installerlink.h"

namespace Freshen {

// What the watcher inherits from the app or program that ordered the change.
struct WatcherConnections {
    Platform::Channel caller;
    Platform::Descriptor lock; // of the install
    Platform::Descriptor app; // handle on the process to wait for; may be closed
};

// Tells the caller "armed" and waits for its "go", or "go without start", which leaves starting to
// the person; a caller that may not last says it sooner. Ends with one of "done MILLISECONDS"
// (without a running app), "cancelled", "failed CODE SENTENCE". Until the exchange the caller may
// say "cancel" at any time.
//
// When the session ends, every process is told to end, in any order. The watcher then takes what
// the app has left at once, starts nothing, and judges nobody: the next start does.
class Watcher
{
public:
    Watcher(Install::Order order, std::filesystem::path orderFile, WatcherConnections connections,
            Platform::SignalListener signals);
    int run();

private:
    // The last word to the caller.
    std::string carryOut();
    Result<void> startInstaller();
    bool hasOwnRights() const { return m_order.rights == Install::Rights::OwnOnly; }
    // Lets the installer verify and prepare; CANCELLED when the caller does not want it any more.
    Result<void> prepare();
    Result<void> ask(const std::string &request);
    Result<void> answer();
    // The caller's decision about the prepared change.
    Result<void> awaitGo();
    Result<void> hearGo();
    Result<void> waitForApp();
    Result<void> hearCaller(bool &hasCaller);
    // Whether other users run the app, whose processes cannot be seen.
    bool isUsedByOthers() const;
    // Whether this process was told to end, within that time.
    bool isToldToEnd(std::chrono::milliseconds patience = {}) const;
    Result<void> launchAndJudge();
    void lookUpPrograms();
    Result<Platform::Process> launch(const std::string &executable,
                                     const Platform::ReadyListener *listener);
    void startOldVersion();
    enum class Verdict { Ready, Failed, Open };
    Verdict judge(Platform::Process &process, Platform::ReadyListener &listener);
    Verdict judgeEnd(Platform::Process &process) const;
    Result<void> judgeFailed();
    Result<void> goBack();
    void noteDowntime();
    std::string commitRequest() const;
    void cleanUp();

    Install::Order m_order;
    Install::Layout m_layout;
    std::filesystem::path m_orderFile;
    WatcherConnections m_connections;
    Platform::SignalListener m_signals;
    InstallerLink m_installer;
    std::string m_oldExecutable;
    std::string m_newExecutable;
    bool m_mayGo = false;
    bool m_hasAppEnded = false; // of this user
    Platform::Deadline m_appEnded;
    long long m_downtime = 0;
};

} // namespace Freshen
