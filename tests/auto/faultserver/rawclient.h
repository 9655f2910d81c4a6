// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QTcpSocket>
#include <QUrl>

namespace Freshen {

// Sends one request and keeps what comes, every byte of it.
class RawClient
{
public:
    explicit RawClient(const QUrl &url, const QByteArrayList &headers = {},
                       const QByteArray &method = "GET");

    const QByteArray &received() const { return m_received; }
    bool isConnected() const { return m_socket.state() == QAbstractSocket::ConnectedState; }
    // Until the server ends the connection.
    void waitForEnd();
    void abort() { m_socket.abort(); }
    // Counts what comes instead of keeping it.
    void discard() { m_discards = true; }
    qint64 count() const { return m_count; }

    int status() const;
    QByteArray head() const;
    QByteArray body() const;
    // Null where there is none.
    QByteArray header(const QByteArray &name) const;

private:
    QTcpSocket m_socket;
    QByteArray m_received;
    qint64 m_count = 0;
    bool m_discards = false;
};

} // namespace Freshen
