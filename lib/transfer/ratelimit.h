// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QBasicTimer>
#include <QElapsedTimer>
#include <QObject>

namespace Freshen {

// Says when enough has been taken for a while.
class RateLimit : public QObject
{
    Q_OBJECT

public:
    // Bytes a second; 0: no limit.
    void setMaximum(qint64 bytesPerSecond);
    qint64 maximum() const { return m_maximum; }
    void take(qint64 bytes);
    bool isExhausted() const { return m_timer.isActive(); }

Q_SIGNALS:
    // More may be taken.
    void refilled();

private:
    void timerEvent(QTimerEvent *event) override;
    void refill();

    QBasicTimer m_timer;
    QElapsedTimer m_since;
    qint64 m_maximum = 0;
    qint64 m_left = 0; // may be a debt
};

} // namespace Freshen
