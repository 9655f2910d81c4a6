// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/file.h"

#include <Freshen/connection.h>

#include <QSocketNotifier>

#include <optional>

namespace Freshen {

class ConnectionPrivate
{
public:
    // What the kernel does not know of a connection.
    struct Buffers {
        QByteArray unread;
        QByteArray unsent;
    };

    static ConnectionPrivate &of(Connection *connection) { return *connection->d; }
    ConnectionPrivate(Connection *connection, Platform::Descriptor descriptor);

    // Neither reads, nor writes, nor tells of anything, until resume(). False when it is over.
    bool suspend();
    void resume();
    bool isSuspended() const { return m_isSuspended; }
    // While suspended.
    Buffers buffers() const { return {m_unread, m_unsent}; }
    void setBuffers(const Buffers &buffers);
    // Another process has it now.
    void forget();

    void readSocket();
    void writeSocket();
    void close();
    void updateNotifiers();

    Connection *q;
    Platform::Descriptor m_fd;
    std::optional<QSocketNotifier> m_readable;
    std::optional<QSocketNotifier> m_writable;
    QByteArray m_unread;
    QByteArray m_unsent;
    bool m_isSuspended = false;
    bool m_isReadFinished = false;
    bool m_closesWhenSent = false;
};

} // namespace Freshen
