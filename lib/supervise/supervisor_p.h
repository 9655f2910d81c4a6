// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/common/clock.h"
#include "lib/supervise/child.h"
#include "lib/supervise/controlserver.h"
#include "lib/supervise/crashloop.h"
#include "lib/supervise/selftest.h"
#include "lib/supervise/supervisorrecord.h"
#include "lib/transfer/networkmanager.h"

#include <Freshen/supervisor.h>

#include <vector>

namespace Freshen {

// The supervisor's states. A switch from one generation to the next is the heart of it:
//
//   Restart:   swap, ask the old one to leave, start the new one when it has left.
//   HandOver:  swap, start the new one, ask the old one to leave when the new one is ready.
//
// Both end with commit, or, when the new one is not ready in time, with back: the files return, and
// the old generation runs on (HandOver) or is started again (Restart). A restart without an update
// is the same without files.
class SupervisorPrivate : public QObject
{
    Q_OBJECT

public:
    using Done = ControlServer::Done;

    SupervisorPrivate(Supervisor *q, const SupervisorOptions &options);
    ~SupervisorPrivate() override;

    Result<void> start();
    void stop();
    QJsonObject status() const;
    void obey(const QString &command, Done done);

private:
    // What is under way; one thing at a time.
    enum class Task { None, Looking, Staging, Swapping, Switching };

    // supervisorstart.cpp
    Result<void> openTarget();
    Result<void> openSource();
    Result<void> findCommand();
    ProgramCommand command() const;
    void replaceOrphans();
    void startServiceWatchdog();

    // supervisorchildren.cpp
    void startChild();
    void startAgain();
    Result<void> launch(std::unique_ptr<Child> &child);
    void watchChild(Child *child);
    void noteReady(Child *child);
    void noteNotReady(Child *child);
    void noteEnd(Child *child, int code);
    void noteUnexpectedEnd(int code);
    void goBackFromCrashes(int code);
    void finishIfEmpty();
    void end(int code);

    // supervisorswitch.cpp
    void swapIn(const StagedBuild &build, bool isRollback, Done done);
    void beginSwitch();
    void confirm();
    void noteConfirmed(const Result<void> &done);
    void reject(const Error &error);
    void concludeBack(const Error &error, const Result<void> &done, bool wentBack);
    void conclude(const Result<QJsonObject> &answer);
    void restart(Done done);
    void rollBack(Done done);

    // supervisorupdate.cpp
    void look(bool isWanted, Done done);
    void scheduleLook(std::optional<std::chrono::seconds> pause = {});
    void takeBuild(const FetchedBuild &build);
    void judgeStaged();
    void testStaged();
    void install();
    void endLook(const Result<QJsonObject> &answer);
    void failUpdate(const Error &error, bool isForGood);

    // Reads what the target is now. Only while no job changes it.
    void noteTarget();
    // Runs work that blocks; `then` comes in this thread, unless it is over by then.
    void run(Job::Work work, std::function<void(const Result<void> &)> then);
    void log(const QString &sentence);
    void tellServiceManager(const QString &state);
    void saveRecord();

    Supervisor *q;
    const SupervisorOptions m_options;
    NetworkManager m_network;
    std::shared_ptr<Target> m_target; // null: nothing is ever replaced; else for jobs
    // What it was when no job was at work on it.
    struct {
        QString version;
        QString previousVersion;
        QStringList refusedVersions;
        std::filesystem::path executable;
        bool mayGoBack = false;
    } m_known;
    std::unique_ptr<UpdateSource> m_source; // null: nobody looks
    std::unique_ptr<ControlServer> m_control;
    std::unique_ptr<SupervisorRecord> m_record;
    std::string m_controlVariable; // what programs are told of the control path
    KeptSockets m_sockets;
    ProgramCommand m_command;
    ReadyRule m_ready;

    std::unique_ptr<Child> m_child; // the generation that counts
    std::unique_ptr<Child> m_next; // started beside it, not yet ready
    std::vector<std::unique_ptr<Child>> m_leaving;
    int m_generation = 0;

    Task m_task = Task::None;
    Done m_done; // of what is under way
    bool m_isWanted = false; // somebody asked for it, so that a wait is no answer
    std::shared_ptr<std::optional<StagedBuild>> m_staged; // verified, not in its place
    std::optional<StagedBuild> m_unproven; // in its place, not yet ready
    bool m_isRollback = false;
    bool m_isHandingOver = false; // the old generation goes on until the new one is ready
    bool m_isReturning = false; // the old files are on their way back
    QString m_badVersion; // to be refused when the rollback is through
    std::optional<Error> m_lastError;
    QDateTime m_lastLook;

    std::unique_ptr<Alarm> m_lookAlarm;
    QTimer m_pause; // before the next start
    QTimer m_firstLook; // the program waits no longer for it
    QTimer m_watchdog;
    std::optional<int> m_missedEnd; // of the new generation, while its files were being confirmed
    bool m_hasStarted = false;
    bool m_isStopping = false;
    bool m_isOver = false;
    int m_exitCode = 0;
    int m_jobs = 0;
};

// The name of a program in paths and messages.
QString programName(const SupervisorOptions &options);

} // namespace Freshen
