// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// As much of a web server as shows that no request is lost: GET, kept connections, nothing else.

#pragma once

#include <QTcpServer>

namespace Freshen {
class Handover;
}

class EchoServer : public QTcpServer
{
    Q_OBJECT

public:
    explicit EchoServer(Freshen::Handover *handover);
    // From now on each answer closes its connection.
    void leave();

private:
    void serve(QTcpSocket *socket);
    void answer(QTcpSocket *socket);

    Freshen::Handover *m_handover;
    QByteArray m_body;
    bool m_isLeaving = false;
};
