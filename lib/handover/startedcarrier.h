// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The next version as a child of this one: it inherits descriptors the way service managers pass
// them, so that programs in any language can take part, and behind them the connection for what
// else there is to say, named by FRESHEN_HANDOVER.

#pragma once

#include "lib/handover/carrier.h"
#include "platform/ready.h"

namespace Freshen {

class StartedCarrier : public Carrier
{
    Q_OBJECT

public:
    StartedCarrier(int generation, const HandoverOptions &options, QObject *parent);

    Result<void> start(Cargo cargo) override;
    int processId() const override { return m_process.id(); }
    void abandon() override;

private:
    Result<Platform::StartRequest> request(const Cargo &cargo) const;
    void watchProcess();
    void readNotification();
    void processEnded();

    HandoverOptions m_options;
    Platform::Process m_process;
    std::optional<Platform::ReadyListener> m_listener;
};

// Variables between the two versions.
inline constexpr const char *handoverVariable = "FRESHEN_HANDOVER";
// What NOTIFY_SOCKET was before it named this version's listener.
inline constexpr const char *serviceSocketVariable = "FRESHEN_SERVICE_SOCKET";

} // namespace Freshen
