// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/handover/agentrun.h"

#include <QElapsedTimer>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 30'000;

} // namespace

Talk::Talk(quint16 port)
    : m_socket(std::make_unique<QTcpSocket>())
{
    m_socket->connectToHost(QHostAddress::LocalHost, port);
    m_socket->waitForConnected(patience);
}

void Talk::say(const QByteArray &line)
{
    m_socket->write(line + '\n');
    m_socket->flush();
}

QByteArray Talk::ask(const QByteArray &line)
{
    say(line);
    return hear();
}

QByteArray Talk::hear()
{
    while (!m_socket->canReadLine()) {
        if (!m_socket->waitForReadyRead(patience))
            return {};
    }
    QByteArray answer = m_socket->readLine();
    answer.chop(1);
    return answer;
}

QByteArray Talk::waitFor(const QByteArray &beginning)
{
    QByteArray answer;
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < patience) {
        answer = ask("last");
        if (answer.startsWith(beginning) || answer.isEmpty())
            break;
        QTest::qWait(5);
    }
    return answer;
}

bool Talk::waitForEnd()
{
    return m_socket->state() != QTcpSocket::ConnectedState
        || m_socket->waitForDisconnected(patience);
}

AgentRun::~AgentRun()
{
    // Each generation started the next, so the last one that answers is asked first.
    for (int i = 0; i < 10; ++i) {
        Talk talk(port());
        if (!talk.isConnected())
            break;
        talk.ask("quit");
        talk.waitForEnd();
    }
    for (auto &process : m_processes)
        process.kill();
}

Platform::Process *AgentRun::launch(const QStringList &arguments, Platform::StartRequest request)
{
    request.program = FRESHEN_AGENT;
    for (const QString &argument : arguments)
        request.arguments.push_back(argument.toStdString());
    request.arguments.push_back(tcp().toStdString());
    if (request.environment.empty())
        request.environment = Platform::currentEnvironment();
    if (request.workingDirectory.empty())
        request.workingDirectory = "/";
    auto process = Platform::Process::start(request);
    if (!process)
        return nullptr;
    m_processes.push_back(std::move(*process));
    return &m_processes.back();
}

bool AgentRun::start(const QStringList &arguments, Platform::StartRequest request)
{
    return launch(arguments, std::move(request))
        && QTest::qWaitFor([this] { return Talk(port()).generation() > 0; }, patience);
}

bool AgentRun::waitForGeneration(int generation)
{
    return QTest::qWaitFor([this, generation] { return Talk(port()).generation() == generation; },
                           patience);
}
