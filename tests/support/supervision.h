// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/support/reservedport.h"
#include "tests/support/workshop.h"

namespace Freshen {

// What the test agent answers: which build it is, and which start of it.
struct AgentAnswer {
    QString version; // empty: there was no answer
    int generation = 0;
    int process = 0;
};

// A supervisor of the test agent, both real programs, with a publisher of agents. Whatever waits
// here leaves this thread's event loop at work.
class Supervision
{
public:
    Supervision();
    ~Supervision();

    Workshop shop;
    // The single file that is supervised.
    QString agent() const { return shop.path(QStringLiteral("srv/agent")); }
    QString controlPath() const { return shop.path(QStringLiteral("run/agent.sock")); }

    // The agent's program as a build of its own; see tests/agent/main.cpp for the faults.
    static QByteArray build(const QString &version, const QString &fault = {});
    // The same as an AppImage is marked.
    static QByteArray appImage(const QString &version);
    void install(const QString &version, const QString &fault = {});
    // Puts a build at a path, complete at once, with its signature.
    void publish(const QString &file, const QByteArray &build, const QString &version);
    void sign(const QString &file, const QString &version,
              const QString &product = QStringLiteral("org.example.agent"));
    // The same as an app's folder: shop.app(), with packages on the host.
    void releaseTree(const QString &version, const QString &fault = {});

    // Starts it and waits until the program answers. `options` come before "--".
    bool start(const QStringList &options, const QStringList &command = {});
    // Without waiting.
    void launch(const QStringList &options, const QStringList &command = {});
    // What the supervision of the single file needs; of the app's folder.
    QStringList forFile(const QStringList &more = {}) const;
    QStringList forTree(const QStringList &more = {}) const;

    Outcome ctl(const QString &verb);
    QJsonObject status() { return ctl(QStringLiteral("status")).json; }
    // Waits for the port; on a new connection, or none.
    AgentAnswer ask(const QString &path = QStringLiteral("/"));
    // Waits until a build of that version answers.
    bool answers(const QString &version);
    // Waits until the supervisor has ended, and tells its exit code.
    int exitCode();
    QProcess &process() { return *m_process; }
    // All that it said so far.
    QString log();
    int port() const { return m_port.number(); }

private:
    std::unique_ptr<QProcess> m_process;
    QByteArray m_log;
    ReservedPort m_port;
};

} // namespace Freshen
