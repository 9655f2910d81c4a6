// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/auto/handover/agentrun.h"
#include "tests/auto/handover/asking.h"

#include <QTemporaryDir>

// A first version with two live connections that may be moved, and a client.
class Scene
{
public:
    explicit Scene(bool isRendezvous);
    ~Scene();

    bool start();
    void begin(const QByteArray &nextStop = {});
    int findNext();
    bool waitUntilStopped(int process) const;
    bool killOld();
    bool killNext();
    int keptCount();
    bool serveOn();
    Talk &talk(int index) { return m_talks[std::size_t(index)]; }
    int old() const { return m_old; }
    Asking &client() { return *m_client; }
    QByteArrayList steps(int process) const;
    bool comesBack(bool isStarted);

private:
    QStringList arguments() const;
    QString stepsFile() const;

    bool m_isRendezvous;
    QTemporaryDir m_folder;
    QString m_path;
    Freshen::Platform::Descriptor m_file;
    AgentRun m_agent;
    Freshen::Platform::Process *m_first = nullptr;
    int m_old = 0;
    int m_next = 0;
    std::vector<Talk> m_talks;
    std::unique_ptr<Asking> m_client;
};
