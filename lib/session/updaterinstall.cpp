// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/updater_p.h"

#include "lib/session/noteskeeper.h"
#include "platform/process.h"

#include <QCoreApplication>
#include <QDir>
#include <QLoggingCategory>

namespace Freshen {

namespace {

Q_LOGGING_CATEGORY(logInstall, "freshen.updater", QtWarningMsg)

using State = Updater::State;

} // namespace

// The publisher's last word: it comes without being asked for.
bool UpdaterPrivate::isOverdue() const
{
    return release.deadline().isValid() && release.deadline() <= Clock::current().now();
}

void UpdaterPrivate::stage()
{
    const int turn = m_turn;
    Q_EMIT q->downloadStarted();
    if (turn != m_turn)
        return;
    if (!m_isSilent)
        return m_session->stage();
    m_isStageDue = true;
    setState(State::Downloading);
    watchDownload();
}

void UpdaterPrivate::arm()
{
    qCInfo(logInstall, "Staged after %lld bytes (%s)", m_session->bytesFetched(),
           qPrintable(m_session->route()));
    const int turn = m_turn;
    if (!m_installsAtOnce) {
        if (m_session->item().phasedRolloutInterval > 0)
            settings.redrawRolloutGroup();
        Q_EMIT q->downloadFinished();
    }
    if (turn != m_turn)
        return;
    InstallOptions options;
    options.keepsOutput = true;
    options.waitsForThisProcess = true;
    options.arguments = Platform::currentArguments();
    options.workingDirectory = QDir::currentPath();
    m_session->arm(options);
}

void UpdaterPrivate::offerInstall()
{
    if (m_installsAtOnce)
        return installNow();
    noteWaiting();
    const int turn = m_turn;
    setState(State::ReadyToInstall);
    if (turn != m_turn)
        return;
    const bool asks = m_driver && (speaks() || isOverdue() || isReminderDue());
    if (asks)
        m_driver->showReadyToInstall(release, once(&UpdaterPrivate::install));
    else
        install(UserDriver::InstallTime::OnQuit);
}

void UpdaterPrivate::install(UserDriver::InstallTime time)
{
    noteWaiting();
    if (time == UserDriver::InstallTime::OnNextStart)
        return postponeToNextStart();
    if (time == UserDriver::InstallTime::OnQuit)
        return installOnQuit();
    const int turn = ++m_turn;
    const auto resume = [self = QPointer<UpdaterPrivate>(this), turn] {
        if (self && turn == self->m_turn)
            self->installNow();
    };
    if (!m_delegate->postponesInstall(release, resume))
        resume();
}

void UpdaterPrivate::installOnQuit()
{
    const int turn = m_turn;
    setState(State::WaitingForQuit);
    if (turn != m_turn)
        return;
    m_session->go(false);
    if (m_isSilent)
        keepNotes(installation->description.product, release);
    Q_EMIT q->installPrepared();
    if (m_driver)
        m_driver->dismiss();
}

void UpdaterPrivate::installNow()
{
    const int turn = ++m_turn;
    setState(State::Installing);
    if (turn != m_turn)
        return;
    m_session->go(m_delegate->shouldRelaunch(release));
    Q_EMIT q->installPrepared();
    if (!m_driver)
        return QCoreApplication::quit();
    m_driver->showProgress(UserDriver::Phase::Installing, 0, 0);
    if (turn == m_turn)
        m_driver->quitApplication();
}

} // namespace Freshen
