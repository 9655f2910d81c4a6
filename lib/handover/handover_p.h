// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/handover/carrier.h"
#include "lib/handover/connectionmoves.h"
#include "lib/handover/drain.h"
#include "lib/handover/takeover.h"

#include <QTimer>

namespace Freshen {

class HandoverPrivate
{
public:
    using State = Handover::State;

    explicit HandoverPrivate(Handover *handover);
    ~HandoverPrivate();

    // As the new version.
    void inherit();
    Result<void> inheritFromParent(std::vector<Platform::NamedDescriptor> descriptors,
                                   const QByteArray &channelNumber);
    Result<void> use(TakenOver taken);
    void parentSays(const HandoverMessage &message, HandoverLink::Descriptors descriptors);
    void connectionCame(const HandoverMessage &message, HandoverLink::Descriptors descriptors);
    void loseParent();
    bool parentIsThere();
    Result<void> becomeReady();
    Result<void> writePidFile() const;
    void tellReady();

    // As the old version.
    Handover::Refusal refusal();
    void begin(Carrier *carrier);
    Result<Carrier::Cargo> cargo();
    void attemptFailed(const UpdateError &error);
    void nextIsReady();
    void nextIsLost(const UpdateError &reason);
    void leave();
    void applyPolicy(Connection *connection);
    void finish();
    void stop();
    Result<void> offerAt(const QString &path);
    void visitorCame();
    void visitorSpoke(Platform::Channel channel);
    int nextGeneration() { return generation + ++attempts; }

    void setState(State next);
    bool report(const Result<void> &result);
    Platform::SocketHook systemHook() const;

    Handover *q;
    bool isOnly = false;
    State state = State::Starting;
    int generation = 1;
    int attempts = 0;
    HandoverOptions options;
    UpdateError error;
    std::optional<Error> inheritError; // what came from the version before cannot be used
    Handover::SocketHook hook;
    SocketRegistry registry;

    HandoverLink *parent = nullptr;
    UpdateError parentError; // what it said that makes no sense
    std::optional<HandoverState> inheritedState;

    int stateVersion = 0;
    std::function<QByteArray()> stateProvider;
    Carrier *carrier = nullptr;
    QTimer timeout;
    Platform::Descriptor offered;
    std::unique_ptr<QSocketNotifier> visitors;

    ConnectionMoves moves;
    Drain drain;
    Handover::LeavePolicy policy;
};

} // namespace Freshen
