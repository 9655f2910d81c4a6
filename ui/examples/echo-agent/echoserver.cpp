// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "echoserver.h"

#include <Freshen/Handover>

#include <QCoreApplication>
#include <QTcpSocket>

EchoServer::EchoServer(Freshen::Handover *handover)
    : m_handover(handover)
    , m_body("echo-agent " ECHO_AGENT_VERSION " generation "
             + QByteArray::number(handover->generation()) + " process "
             + QByteArray::number(QCoreApplication::applicationPid()) + '\n')
{
    setListenBacklogSize(4096);
    connect(this, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket *socket = nextPendingConnection())
            serve(socket);
    });
}

void EchoServer::serve(QTcpSocket *socket)
{
    m_handover->watch(socket);
    connect(socket, &QTcpSocket::readyRead, this, [this, socket] { answer(socket); });
    connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
}

void EchoServer::answer(QTcpSocket *socket)
{
    QByteArray head = socket->peek(64 * 1024);
    for (qsizetype end = 0; (end = head.indexOf("\r\n\r\n")) >= 0; head.remove(0, end + 4)) {
        socket->skip(end + 4);
        const bool isKnown = head.startsWith("GET ");
        const bool closes = m_isLeaving || !isKnown
            || head.left(end).toLower().contains("\r\nconnection: close");
        socket->write((isKnown ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 405 Method Not Allowed\r\n")
                      + QByteArray("Content-Type: text/plain\r\nContent-Length: ")
                      + QByteArray::number(m_body.size()) + (closes ? "\r\nConnection: close" : "")
                      + "\r\n\r\n" + m_body);
        if (closes) {
            socket->disconnectFromHost(); // once all is sent
            return;
        }
    }
    if (head.size() >= 64 * 1024)
        socket->abort(); // no honest request
}

// A kept connection is closed with its next answer: whoever closes it while a request is on its way
// loses that. What stays idle ends with the drain time.
void EchoServer::leave()
{
    m_isLeaving = true;
}
