// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/common/transferrate.h"

#include <QElapsedTimer>
#include <QString>
#include <QTimer>

namespace Freshen {

// How far something is, on standard error: one line that is drawn again and again on a terminal, a
// plain line per step elsewhere, nothing at all when quiet. Made and used where events are handled.
class ProgressLine
{
public:
    explicit ProgressLine(bool isQuiet);
    ~ProgressLine();

    // A `total` of 0 is an unknown one.
    void show(const QString &step, qint64 done, qint64 total);
    // A line of its own, which stays.
    void tell(const QString &sentence);
    void clear();

private:
    void draw();
    QString barText() const;
    QString rateText() const;

    bool m_isQuiet;
    bool m_isTerminal;
    bool m_isDrawn = false;
    QString m_step;
    qint64 m_done = 0;
    qint64 m_total = 0;
    TransferRate m_rate;
    QElapsedTimer m_sinceDrawn;
    QTimer m_redraw; // that nothing moves is worth saying
};

} // namespace Freshen
