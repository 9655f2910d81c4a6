// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/updater_p.h"

#include "lib/common/convert.h"

#include <QNetworkInformation>

namespace Freshen {

namespace {

using namespace std::chrono_literals;
using State = Updater::State;

constexpr int progressInterval = 50; // ms
constexpr std::chrono::milliseconds timeInterval = 1s;
constexpr std::chrono::milliseconds watchInterval = 1min;

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

// Whoever wants it to go on wants it whatever it costs.
void UpdaterPrivate::haltDownload(bool halted)
{
    if (state != State::Downloading)
        return;
    m_isHalted = halted;
    if (!halted && m_isHeldBack)
        adoptDownload();
    else
        applyPause();
}

void UpdaterPrivate::applyPause()
{
    const bool paused = m_isHalted || m_isHeldBack;
    const int turn = m_turn;
    if (paused != std::exchange(isDownloadPaused, paused)) {
        rate.interrupt();
        m_isInterrupted = false; // it asks anew
        if (m_session)
            m_session->setPaused(paused);
        Q_EMIT q->downloadPausedChanged();
        Q_EMIT q->progressChanged();
    }
    if (turn == m_turn && !isDownloadPaused && std::exchange(m_isStageDue, false))
        m_session->stage();
}

// A download that nobody asked for holds back while the surroundings or the application want that.
void UpdaterPrivate::watchDownload()
{
    if (state != State::Downloading || !m_isSilent || m_userChose)
        return;
    m_watch->start(watchInterval);
    const int turn = m_turn;
    const bool holdsBack = sparesSurroundings() || !m_delegate->mayDownload(release);
    if (turn != m_turn)
        return;
    if (auto *network = QNetworkInformation::instance())
        connect(network, &QNetworkInformation::isMeteredChanged, this,
                &UpdaterPrivate::watchDownload, Qt::UniqueConnection);
    m_isHeldBack = holdsBack;
    applyPause();
}

// From now on a person waits for it.
void UpdaterPrivate::adoptDownload()
{
    if (state != State::Downloading || !m_isSilent)
        return;
    m_userChose = true;
    m_isHeldBack = false;
    applyPause();
}

void UpdaterPrivate::endDownload()
{
    m_watch->stop();
    m_isHalted = m_isHeldBack = m_isStageDue = false;
    applyPause();
}

} // namespace Freshen
