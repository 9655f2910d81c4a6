// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/pages/progresspage.h"

#include "ui/widgets/text/displaytext.h"

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace Freshen {

namespace {

using Phase = UserDriver::Phase;

// Progress is finer than percent, so that the bar of a large download is seen to move.
constexpr int fullBar = 1000;

constexpr qsizetype causeLength = 300;

// Keeps the line's place while there is nothing to say.
const QString nothing = QStringLiteral(" ");

QString headingFor(Phase phase, const QString &subject)
{
    switch (phase) {
    case Phase::Checking:
        return ProgressPage::tr("Checking for updates…");
    case Phase::Downloading:
        return ProgressPage::tr("Downloading %1…").arg(subject);
    case Phase::Preparing:
        return ProgressPage::tr("Preparing %1…").arg(subject);
    case Phase::Installing:
        return ProgressPage::tr("Installing %1…").arg(subject);
    }
    return {};
}

QString timeLeft(qint64 seconds)
{
    if (seconds < 60)
        return ProgressPage::tr("about %1 s left").arg(seconds);
    if (seconds < 60 * 60)
        return ProgressPage::tr("about %1 min left").arg((seconds + 59) / 60);
    return ProgressPage::tr("more than an hour left");
}

} // namespace

ProgressPage::ProgressPage(const QString &subject)
    : Page(headingFor(Phase::Checking, subject))
    , m_subject(subject)
    , m_bar(new QProgressBar)
{
    m_bar->setObjectName(QStringLiteral("progressBar"));
    add(m_bar);
    m_details = addText({});
    m_details->setObjectName(QStringLiteral("progressDetails"));
    m_cause = addText({});
    m_cause->setObjectName(QStringLiteral("interruptionCause"));
    m_cause->hide();
    m_pause = addButton(QStringLiteral("pauseButton"), tr("&Pause"),
                        QDialogButtonBox::ActionRole);
    connect(m_pause, &QPushButton::clicked, this, [this] { Q_EMIT pauseChosen(!m_isPaused); });
    auto *cancel = addButton(QStringLiteral("cancelButton"), tr("&Cancel"),
                             QDialogButtonBox::RejectRole);
    connect(cancel, &QPushButton::clicked, this, &ProgressPage::leave);
    setFirstWidget(cancel);
    // Numbers that change more often cannot be read; those that stand still are news, too.
    connect(&m_refresh, &QTimer::timeout, this, &ProgressPage::showDetails);
    m_refresh.start(300);
    begin(Phase::Checking);
}

void ProgressPage::showProgress(Phase phase, qint64 done, qint64 total)
{
    m_done = qMax(qint64(0), done);
    m_total = total;
    endInterruption();
    if (phase != m_phase)
        begin(phase);
    else if (m_details->text() == nothing)
        showDetails(); // the first news
    showBar();
}

void ProgressPage::begin(Phase phase)
{
    m_phase = phase;
    m_pause->setVisible(phase == Phase::Downloading);
    m_rate.interrupt();
    setHeading(headingFor(phase, m_subject));
    m_bar->setAccessibleName(headingFor(phase, m_subject));
    showBar();
    showDetails();
}

void ProgressPage::showBar()
{
    const bool known = m_total > 0;
    m_bar->setRange(0, known ? fullBar : 0);
    m_bar->setTextVisible(known);
    if (known)
        m_bar->setValue(int(fullBar * (double(qMin(m_done, m_total)) / double(m_total))));
}

void ProgressPage::showDetails()
{
    if (!m_isPaused && !m_nextTry)
        m_rate.add(m_done, m_total);
    m_details->setText(details());
    m_bar->setAccessibleDescription(m_details->text());
}

void ProgressPage::showInterrupted(const UpdateError &cause, int secondsToNextTry)
{
    m_nextTry.emplace(std::chrono::seconds(secondsToNextTry));
    m_rate.interrupt();
    m_cause->setText(breakable(displayText(cause.message(), causeLength)));
    m_cause->show();
    showDetails();
}

void ProgressPage::endInterruption()
{
    m_nextTry.reset();
    m_cause->hide();
}

QString ProgressPage::waitingDetails() const
{
    const qint64 seconds = (m_nextTry->remainingTime() + 999) / 1000;
    return seconds > 0 ? tr("Waiting for the network… Trying again in %1 s").arg(seconds)
                       : tr("Waiting for the network… Trying again now");
}

void ProgressPage::showPaused(bool paused)
{
    m_isPaused = paused;
    endInterruption();
    m_rate.interrupt();
    m_pause->setText(paused ? tr("&Resume") : tr("&Pause"));
    showDetails();
}

QString ProgressPage::pausedDetails() const
{
    if (m_done == 0)
        return tr("Paused");
    return m_total > 0 ? tr("Paused at %1 of %2").arg(displaySize(m_done), displaySize(m_total))
                       : tr("Paused at %1").arg(displaySize(m_done));
}

QString ProgressPage::details() const
{
    if (m_isPaused && m_phase == Phase::Downloading)
        return pausedDetails();
    if (m_nextTry)
        return waitingDetails();
    if (m_phase == Phase::Installing)
        return tr("It is installed as soon as the app has quit, which takes only a moment.");
    if (m_phase == Phase::Checking || m_done == 0)
        return nothing;
    const QString done = displaySize(m_done);
    if (m_total <= 0)
        return done;
    const QString total = displaySize(m_total);
    const qint64 seconds = m_rate.secondsLeft();
    if (seconds < 0)
        return tr("%1 of %2").arg(done, total);
    return tr("%1 of %2, %3 per second, %4")
        .arg(done, total, displaySize(qint64(m_rate.bytesPerSecond())), timeLeft(seconds));
}

void ProgressPage::leave()
{
    Q_EMIT cancelled();
}

} // namespace Freshen
