// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QElapsedTimer>
#include <QString>

namespace Freshen {

// How far something is, on standard error: one line that is drawn again and again on a terminal, a
// plain line per step elsewhere, nothing at all when quiet.
class ProgressLine
{
public:
    explicit ProgressLine(bool isQuiet);
    ~ProgressLine();

    // A `total` of 0 is an unknown one.
    void show(const QString &step, qint64 done, qint64 total);
    void clear();

private:
    QString barText(qint64 done, qint64 total) const;

    bool m_isQuiet;
    bool m_isTerminal;
    bool m_isDrawn = false;
    QString m_step;
    QElapsedTimer m_sinceStep;
    QElapsedTimer m_sinceDrawn;
};

} // namespace Freshen
