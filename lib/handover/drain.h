// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The live connections for which a version that leaves still waits.

#pragma once

#include <QObject>
#include <QSet>
#include <QTimer>

#include <chrono>
#include <functional>

namespace Freshen {

class Drain : public QObject
{
    Q_OBJECT

public:
    Drain();

    void watch(QObject *connection);
    int count() const { return int(m_watched.size()); }
    int abandonedCount() const { return m_abandonedCount; }
    QList<QObject *> watched() const { return m_watched.values(); }

    // Waits until none is left, and `isDrained` says so, too; ends what is left when the time is
    // over. Then `done` is called, once.
    void begin(std::chrono::milliseconds time, const std::function<bool()> &isDrained,
               const std::function<void()> &done);

private:
    void forget(QObject *connection);
    void look();
    void abandon();
    void end();

    QSet<QObject *> m_watched;
    int m_abandonedCount = 0;
    QTimer m_deadline;
    QTimer m_looks;
    std::function<bool()> m_isDrained;
    std::function<void()> m_done;
};

} // namespace Freshen
