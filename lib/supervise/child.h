// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/package/appdescription.h"
#include "lib/supervise/keptsockets.h"
#include "platform/channel.h"
#include "platform/ready.h"

#include <QObject>
#include <QSocketNotifier>
#include <QTimer>

#include <chrono>
#include <memory>

namespace Freshen {

// What a generation of the program is started as.
struct ChildRequest {
    std::filesystem::path program; // absolute
    std::vector<std::string> arguments;
    std::filesystem::path workingDirectory;
    std::vector<std::string> environment; // besides what the supervisor adds
    ReadyRule ready;
    std::chrono::seconds readyTimeout{60};
};

// One generation of the supervised program. Its number is in every message between the two, so that
// a late word of one generation is never taken for the word of another.
class Child : public QObject
{
    Q_OBJECT

public:
    Child(int generation, QObject *parent = nullptr);
    ~Child() override;

    // Only one of notReady() and ended() tells of a start that failed later on.
    Result<void> start(const ChildRequest &request, const KeptSockets &sockets);

    int generation() const { return m_generation; }
    int processId() const { return m_process.id(); }
    bool isReady() const { return m_isReady; }
    // Whether it may still say so in time.
    bool isAwaited() const { return m_readyTimer.isActive(); }
    bool isLeaving() const { return m_isLeaving; }

    // Asks it to leave, and ends it when it is still there after so long.
    void leave(std::chrono::milliseconds drain);
    void kill();

Q_SIGNALS:
    // Final: what happens to the process afterwards is another matter.
    void ready();
    // It said nothing for as long as it had; it still runs.
    void notReady();
    // Its exit code, or 128 + signal.
    void ended(int code);
    // A word of the program: "check", "update" or "restart".
    void asked(const QString &request);

private:
    void watch(const ReadyRule &rule);
    void noteReady();
    void noteEnd();
    void readMessage();

    const int m_generation;
    Platform::Process m_process;
    std::optional<Platform::ReadyListener> m_readyListener;
    std::optional<Platform::Channel> m_channel;
    std::vector<std::unique_ptr<QSocketNotifier>> m_notifiers;
    QTimer m_readyTimer;
    QTimer m_drainTimer;
    bool m_isReady = false;
    bool m_isLeaving = false;
    bool m_isEnded = false;
};

} // namespace Freshen
