// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/commandline/progressline.h"

#include <QLocale>

#include <algorithm>
#include <cstdio>

#include <unistd.h>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr int barWidth = 24;
constexpr int drawInterval = 100; // ms
constexpr int redrawInterval = 1000;

} // namespace

ProgressLine::ProgressLine(bool isQuiet)
    : m_isQuiet(isQuiet)
    , m_isTerminal(::isatty(STDERR_FILENO) == 1)
{
    QObject::connect(&m_redraw, &QTimer::timeout, &m_redraw, [this] { draw(); });
}

ProgressLine::~ProgressLine()
{
    clear();
}

void ProgressLine::show(const QString &step, qint64 done, qint64 total)
{
    if (m_isQuiet)
        return;
    const bool isNews = step != m_step || total != m_total;
    if (step != m_step) {
        m_step = step;
        m_rate.interrupt();
        if (!m_isTerminal)
            std::fprintf(stderr, "%s …\n", step.toUtf8().constData());
    }
    m_done = done;
    m_total = total;
    if (!m_isTerminal || (!isNews && done < total && m_sinceDrawn.elapsed() < drawInterval))
        return;
    draw();
    m_redraw.start(redrawInterval);
}

void ProgressLine::tell(const QString &sentence)
{
    clear();
    m_rate.interrupt();
    if (!m_isQuiet)
        std::fprintf(stderr, "%s\n", sentence.toUtf8().constData());
}

void ProgressLine::clear()
{
    if (m_isDrawn)
        std::fputs("\r\033[K", stderr);
    m_isDrawn = false;
    m_redraw.stop();
}

void ProgressLine::draw()
{
    m_sinceDrawn.start();
    m_isDrawn = true;
    m_rate.add(m_done, m_total);
    std::fprintf(stderr, "\r\033[K%s %s", m_step.toUtf8().constData(),
                 barText().toUtf8().constData());
    std::fflush(stderr);
}

QString ProgressLine::barText() const
{
    if (m_total <= 0)
        return u"…"_s;
    const QLocale locale;
    const int filled = int(barWidth * std::min(m_done, m_total) / m_total);
    return u"[%1%2] %3 of %4"_s.arg(QString(filled, u'#'), QString(barWidth - filled, u' '),
                                    locale.formattedDataSize(m_done),
                                    locale.formattedDataSize(m_total))
        + rateText();
}

QString ProgressLine::rateText() const
{
    const qint64 left = m_rate.secondsLeft();
    if (left < 0)
        return {};
    return u", %1/s, %2:%3 left"_s.arg(QLocale().formattedDataSize(qint64(m_rate.bytesPerSecond())))
        .arg(left / 60)
        .arg(left % 60, 2, 10, '0'_L1);
}

} // namespace Freshen
