// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The next version as a process that others started: it comes to a Unix socket that only this user
// can reach, and gets the descriptors in batches.

#pragma once

#include "lib/handover/carrier.h"

namespace Freshen {

class RendezvousCarrier : public Carrier
{
    Q_OBJECT

public:
    RendezvousCarrier(int generation, Platform::Channel channel, QObject *parent);

    Result<void> start(Cargo cargo) override;
    int processId() const override { return m_processId; }
    void abandon() override;

private:
    int m_processId = 0;
};

} // namespace Freshen
