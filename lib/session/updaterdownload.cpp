// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/updater_p.h"

#include "lib/common/convert.h"

namespace Freshen {

namespace {

using namespace std::chrono_literals;
using State = Updater::State;

constexpr int progressInterval = 50; // ms
constexpr std::chrono::milliseconds timeInterval = 1s;

State stateOf(UserDriver::Phase phase)
{
    switch (phase) {
    case UserDriver::Phase::Checking:
        return State::Checking;
    case UserDriver::Phase::Downloading:
        return State::Downloading;
    case UserDriver::Phase::Preparing:
    case UserDriver::Phase::Installing:
        return State::Preparing;
    }
    return State::Preparing;
}

} // namespace

void UpdaterPrivate::noteProgress(UserDriver::Phase phase, qint64 done, qint64 total)
{
    const bool isNewPhase = stateOf(phase) != state;
    const bool goesOn = std::exchange(m_isInterrupted, false);
    const bool isNews = isNewPhase || goesOn || total != bytesTotal;
    if (isNewPhase)
        rate.interrupt();
    bytesDone = done;
    bytesTotal = total;
    const int turn = m_turn;
    setState(stateOf(phase));
    if (!isNews && done < total && m_lastProgress.isValid()
        && m_lastProgress.elapsed() < progressInterval)
        return;
    m_lastProgress.start();
    m_progressTimer.start(timeInterval);
    rate.add(done, total);
    Q_EMIT q->progressChanged();
    if (turn == m_turn && speaks())
        m_driver->showProgress(phase, done, total);
}

void UpdaterPrivate::noteInterruption(const Error &cause, qint64 milliseconds)
{
    m_isInterrupted = true;
    rate.interrupt();
    const int turn = m_turn;
    Q_EMIT q->progressChanged();
    if (turn == m_turn && speaks())
        m_driver->showInterrupted(toUpdateError(cause), int((milliseconds + 999) / 1000));
}

// That nothing arrives is news, too, unless it is meant to be so.
void UpdaterPrivate::noteTime()
{
    if (state != State::Downloading && state != State::Preparing)
        return m_progressTimer.stop();
    if (isDownloadPaused || m_isInterrupted)
        return;
    rate.add(bytesDone, bytesTotal);
    Q_EMIT q->progressChanged();
}

void UpdaterPrivate::pauseDownload(bool paused)
{
    if (paused == isDownloadPaused)
        return;
    isDownloadPaused = paused;
    m_isInterrupted = false; // it asks anew
    rate.interrupt();
    if (m_session)
        m_session->setPaused(paused);
    Q_EMIT q->downloadPausedChanged();
    Q_EMIT q->progressChanged();
}

} // namespace Freshen
