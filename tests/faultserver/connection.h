// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/faultserver/reply.h"

#include <Freshen/faultserver.h>

#include <QElapsedTimer>
#include <QTimer>

class QTcpSocket;

namespace Freshen {

// One request and its answer; then the connection ends.
class FaultConnection : public QObject
{
public:
    FaultConnection(FaultServer *server, QTcpSocket *socket);
    ~FaultConnection() override;

private:
    void readRequest();
    void beginAnswer();
    // Sends what comes next, once everything before is with the system.
    void sendMore();
    void sendPadding();
    void sendBlock();
    void endAnswer();
    void countSent();

    qint64 left() const;
    // How much of so many bytes may be sent now; 0 after asking to be called later.
    qint64 affordable(qint64 wanted);
    // Bytes that were written and are not with the system yet.
    qint64 pending() const;
    FaultRequest &request() const;

    FaultServer *m_server;
    QTcpSocket *m_socket;
    QByteArray m_head;
    qsizetype m_index = -1; // of the request among the server's
    FaultAnswer m_answer;
    Reply m_reply;
    qint64 m_padding = 0; // bytes of it that are left
    qint64 m_written = 0; // bytes of content
    qint64 m_lastBlock = 0;
    QTimer m_later;
    QElapsedTimer m_sinceCredit;
    double m_credit = 0; // bytes that may be sent at the answer's rate
    bool m_isAnswering = false;
    bool m_isEnded = false;
};

} // namespace Freshen
