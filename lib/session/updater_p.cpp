// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/updater_p.h"

#include "lib/common/convert.h"
#include "lib/transfer/networkmanager.h"

#include <QLoggingCategory>
#include <QMetaEnum>

namespace Freshen {

namespace {

Q_LOGGING_CATEGORY(logUpdater, "freshen.updater", QtWarningMsg)

using State = Updater::State;

} // namespace

UpdaterPrivate::UpdaterPrivate(Updater *updater)
    : q(updater)
{
    connect(&schedule, &CheckSchedule::due, this, [this] { begin(CheckKind::Scheduled); });
    connect(&schedule, &CheckSchedule::scheduled, q, &Updater::checkScheduled);
    connect(m_watch.get(), &Alarm::rang, this, &UpdaterPrivate::watchDownload);
    connect(&m_progressTimer, &QTimer::timeout, this, &UpdaterPrivate::noteTime);
}

UpdaterPrivate::~UpdaterPrivate()
{
    // An armed helper that was told to go on does so; everything else ends here.
    if (m_session && !m_session->hasGone())
        m_session->cancel();
}

void UpdaterPrivate::setState(State newState)
{
    if (state == newState)
        return;
    state = newState;
    qCInfo(logUpdater, "%s",
           QMetaEnum::fromType<State>().valueToKey(static_cast<int>(newState)));
    if (newState != State::Downloading)
        endDownload();
    Q_EMIT q->stateChanged();
}

QNetworkAccessManager *UpdaterPrivate::networkManager()
{
    if (!manager)
        manager = new NetworkManager(this);
    return manager;
}

void UpdaterPrivate::setDriver(UserDriver *newDriver)
{
    m_driver = newDriver;
    if (!m_isAsking)
        return;
    // Nobody can answer the question any more.
    if (!m_session || !m_session->hasGone())
        return cancel();
    m_isAsking = false;
    ++m_turn;
    installOnQuit();
}

void UpdaterPrivate::setDelegate(UpdaterDelegate *newDelegate)
{
    m_delegate = newDelegate ? newDelegate : &m_noDelegate;
}

void UpdaterPrivate::fail(const Error &error)
{
    if (asksForLogin(error))
        return;
    const bool isCancel = error.code == ErrorCode::CANCELLED;
    const bool beginsAgain = m_beginsAgain;
    const bool tells = speaks() && !isCancel;
    UpdateError reported = toUpdateError(error);
    reported.setLink(downloadLink());
    lastError = isCancel ? UpdateError() : reported;
    heedServer(*m_session);
    qCWarning(logUpdater, "%s: %s", errorCodeName(error.code).data(), error.message.c_str());
    end();
    if (beginsAgain)
        return begin(CheckKind::Scheduled);
    if (tells)
        m_driver->showError(reported);
    Q_EMIT q->failed(reported);
}

// Whoever asked, the next check that nobody asks for waits.
void UpdaterPrivate::heedServer(const UpdateSession &failed)
{
    const auto wish = failed.retryAfter();
    if (!wish)
        return;
    settings.setEarliestCheckTime(Clock::current().now().addSecs(wish->count()));
    schedule.update();
}

// Where a person gets what could not be installed.
QUrl UpdaterPrivate::downloadLink() const
{
    if (!m_session->hasItem())
        return {};
    const AppcastItem &item = m_session->item();
    return item.link.isValid() || !item.enclosure ? item.link : item.enclosure->url;
}

void UpdaterPrivate::cancel()
{
    if (state == State::Idle)
        return;
    if (m_session)
        m_session->cancel();
    end();
}

// Later, because it may be the one whose signal brought us here.
void UpdaterPrivate::letGo(std::unique_ptr<UpdateSession> &session)
{
    if (!session)
        return;
    session->disconnect(this);
    session->setParent(this);
    session.release()->deleteLater();
}

void UpdaterPrivate::end()
{
    ++m_turn;
    m_isAsking = m_isSilent = m_userChose = m_installsAtOnce = m_beginsAgain = false;
    m_isInterrupted = m_refusesLogin = false;
    m_notes.reset();
    letGo(m_recheck);
    letGo(m_session);
    bytesDone = bytesTotal = 0;
    rate.interrupt();
    if (driver())
        m_driver->dismiss();
    setState(State::Idle);
    Q_EMIT q->progressChanged();
    Q_EMIT q->finished();
}

} // namespace Freshen
