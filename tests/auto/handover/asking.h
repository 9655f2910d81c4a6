// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A client that asks all the time, each time on a new connection.

#pragma once

#include <QtGlobal>

#include <atomic>
#include <thread>

class Asking
{
public:
    explicit Asking(quint16 port);
    ~Asking();

    int answered() const { return m_answered; }
    int refused() const { return m_refused; }
    // Connections that broke before the answer.
    int lost() const { return m_lost; }
    // As many new answers as told come from now on.
    bool waitForAnswers(int count) const;

private:
    void ask();

    quint16 m_port;
    std::atomic<bool> m_ends = false;
    std::atomic<int> m_answered = 0;
    std::atomic<int> m_refused = 0;
    std::atomic<int> m_lost = 0;
    std::thread m_thread;
};
