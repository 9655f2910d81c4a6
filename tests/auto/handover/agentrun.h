// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The test's side of handoveragent: a first generation, and conversations with any.

#pragma once

#include "platform/process.h"
#include "tests/support/reservedport.h"

#include <QByteArray>
#include <QString>
#include <QTcpSocket>

#include <deque>
#include <memory>

// One connection to one generation: it stays with that one.
class Talk
{
public:
    explicit Talk(quint16 port);
    bool isConnected() const { return m_socket->state() == QTcpSocket::ConnectedState; }
    // Without waiting for the answer.
    void say(const QByteArray &line);
    // The next answer without its line end; empty when the connection broke.
    QByteArray hear();
    QByteArray ask(const QByteArray &line);
    int process() { return ask("who").split(' ').value(0).toInt(); }
    int generation() { return ask("who").split(' ').value(1).toInt(); }
    // Waits until "last" begins like this; returns all of it.
    QByteArray waitFor(const QByteArray &beginning);
    // Waits until the other process has closed this connection.
    bool waitForEnd();

private:
    std::unique_ptr<QTcpSocket> m_socket;
};

class AgentRun
{
public:
    AgentRun() = default;
    // Ends every generation.
    ~AgentRun();

    quint16 port() const { return m_port.number(); }
    QString tcp() const { return QStringLiteral("tcp:127.0.0.1:%1").arg(port()); }
    // Starts a first generation on the port; null when it cannot be started.
    Freshen::Platform::Process *launch(const QStringList &arguments = {},
                                       Freshen::Platform::StartRequest request = {});
    // Waits until it answers, too.
    bool start(const QStringList &arguments = {}, Freshen::Platform::StartRequest request = {});
    // The generation started by hand last, not its successors.
    Freshen::Platform::Process &process() { return m_processes.back(); }
    // The next generation answers to new connections.
    bool waitForGeneration(int generation);

private:
    Freshen::ReservedPort m_port;
    std::deque<Freshen::Platform::Process> m_processes;
};
