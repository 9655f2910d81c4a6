// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/updater_p.h"

#include <QLoggingCategory>

namespace Freshen {

namespace {

Q_LOGGING_CATEGORY(logWaiting, "freshen.updater", QtWarningMsg)

using namespace std::chrono_literals;
using State = Updater::State;

constexpr std::chrono::seconds reminderInterval = 7 * 24h;

} // namespace

// The week begins anew with every release, and whenever a person was asked.
void UpdaterPrivate::noteWaiting()
{
    if (settings.waitingVersion() != release.version() || speaks())
        settings.setWaiting(release.version(), Clock::current().now());
}

bool UpdaterPrivate::isReminderDue() const
{
    const QDateTime since = settings.waitingSince();
    const QDateTime now = Clock::current().now();
    // A time in the future comes from a clock that was wrong.
    return !since.isValid() || since > now
        || since.secsTo(now) >= std::chrono::seconds(reminderInterval).count();
}

// Somebody asks for a check, or the schedule does, while an update waits for the app to quit.
void UpdaterPrivate::lookAgain(CheckKind kind)
{
    if (kind == CheckKind::Information)
        return Q_EMIT q->checkFinished(true);
    if (!m_driver)
        return recheck();
    if (kind == CheckKind::Scheduled && !isReminderDue())
        return recheck();
    m_kind = kind;
    m_userChose = true;
    offerInstall();
    // Unlike a reminder, which may wait for the right moment.
    if (kind == CheckKind::User && m_isAsking)
        m_driver->requestAttention();
}

// The armed helper goes on waiting meanwhile.
void UpdaterPrivate::recheck()
{
    letGo(m_recheck);
    m_recheck = std::make_unique<UpdateSession>(networkManager(), *installation);
    prepareRequest(m_recheck->request());
    applySchedule(m_recheck->request().client);
    connect(m_recheck.get(), &UpdateSession::checked, this, &UpdaterPrivate::compareWithWaiting);
    connect(m_recheck.get(), &UpdateSession::failed, this, [this] { heedServer(*m_recheck); });
    m_recheck->check();
}

// A release that is no longer offered, or not the newest any more, is not installed.
void UpdaterPrivate::compareWithWaiting()
{
    const CheckOutcome &outcome = m_recheck->outcome();
    const QString version = release.version();
    const bool isReplaced = outcome.selection.item
        && installation->order(outcome.selection.item->version, version) > 0;
    const bool isGivenUp = isReplaced || outcome.appcast.withdrawnVersions.contains(version);
    const int turn = m_turn;
    settings.setLastCheckTime(Clock::current().now());
    schedule.update();
    Q_EMIT q->settingsChanged();
    if (!isGivenUp || turn != m_turn)
        return;
    qCInfo(logWaiting, "Version %s is given up for another", qPrintable(version));
    m_beginsAgain = true;
    m_session->standDown();
}

void UpdaterPrivate::postponeToNextStart()
{
    if (state != State::WaitingForQuit && state != State::ReadyToInstall
        && state != State::Installing)
        return;
    settings.setVersionForNextStart(release.version());
    m_session->cancel();
    end();
}

} // namespace Freshen
