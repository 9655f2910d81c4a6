// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// How one next version comes to its descriptors, from the moment it is tried until this version
// has left. Two ways exist: it is started by this one and inherits them, or it was started by
// others and asks for them.

#pragma once

#include "lib/handover/link.h"
#include "lib/handover/socketregistry.h"

#include <Freshen/handover.h>

namespace Freshen {

class Carrier : public QObject
{
    Q_OBJECT

public:
    struct Cargo {
        std::vector<SocketRegistry::Entry> sockets;
        QCborMap files; // socket files that the next version will own
        int stateVersion = 0;
        Platform::Descriptor state; // may be none
    };

    virtual Result<void> start(Cargo cargo) = 0;
    virtual int processId() const = 0;
    // Ends the next version, or sends it away.
    virtual void abandon() = 0;

    HandoverLink *link() const { return m_link; }
    int generation() const { return m_generation; }

    // Set before the event loop runs again. READY is final: `lost` after it is another matter.
    std::function<void()> ready;
    std::function<void(const Error &error)> lost;
    std::function<void(const QString &reason)> declined;
    std::function<void(const QCborMap &fields)> moved;

protected:
    Carrier(int generation, QObject *parent);
    void useLink(Platform::Channel channel);
    void sendHello(Cargo &cargo);
    void becomeReady();
    void lose(const Error &error);

    HandoverLink *m_link = nullptr;

private:
    void receive(const HandoverMessage &message);

    int m_generation;
    bool m_isReady = false;
    bool m_isLost = false;
};

} // namespace Freshen
