// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/commandline/progressline.h"

#include <QLocale>

#include <cstdio>

#include <unistd.h>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr int barWidth = 24;
constexpr int drawInterval = 100; // ms
constexpr int settleTime = 500; // ms before a rate means anything

} // namespace

ProgressLine::ProgressLine(bool isQuiet)
    : m_isQuiet(isQuiet)
    , m_isTerminal(::isatty(STDERR_FILENO) == 1)
{
}

ProgressLine::~ProgressLine()
{
    clear();
}

void ProgressLine::show(const QString &step, qint64 done, qint64 total)
{
    if (m_isQuiet)
        return;
    const bool isNewStep = step != m_step;
    if (isNewStep) {
        m_step = step;
        m_sinceStep.start();
        if (!m_isTerminal)
            std::fprintf(stderr, "%s …\n", step.toUtf8().constData());
    }
    if (!m_isTerminal || (!isNewStep && done < total && m_sinceDrawn.elapsed() < drawInterval))
        return;
    m_sinceDrawn.start();
    m_isDrawn = true;
    std::fprintf(stderr, "\r\033[K%s %s", step.toUtf8().constData(),
                 barText(done, total).toUtf8().constData());
    std::fflush(stderr);
}

void ProgressLine::clear()
{
    if (m_isDrawn)
        std::fputs("\r\033[K", stderr);
    m_isDrawn = false;
}

QString ProgressLine::barText(qint64 done, qint64 total) const
{
    if (total <= 0)
        return u"…"_s;
    const QLocale locale;
    const int filled = int(barWidth * done / total);
    QString text = u"[%1%2] %3 of %4"_s.arg(QString(filled, u'#'),
                                            QString(barWidth - filled, u' '),
                                            locale.formattedDataSize(done),
                                            locale.formattedDataSize(total));
    const qint64 elapsed = m_sinceStep.elapsed();
    if (elapsed < settleTime || done == 0)
        return text;
    const qint64 rate = done * 1000 / elapsed;
    const qint64 left = rate > 0 ? (total - done) / rate : 0;
    return text + u", %1/s, %2:%3 left"_s.arg(locale.formattedDataSize(rate))
                      .arg(left / 60)
                      .arg(left % 60, 2, 10, '0'_L1);
}

} // namespace Freshen
