// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/updater_p.h"

#include "lib/transfer/networkmanager.h"

namespace Freshen {

// Only the manager of our own can be told a login.
bool UpdaterPrivate::asksForLogin(const Error &error)
{
    auto *network = qobject_cast<NetworkManager *>(manager);
    if (!network || !speaks() || m_refusesLogin
        || (error.code != ErrorCode::PROXY_AUTH && !network->isLoginRefused()))
        return false;
    m_loginError = error;
    m_driver->askProxyLogin(network->lastProxy(), once(&UpdaterPrivate::logIn));
    return true;
}

void UpdaterPrivate::logIn(UserDriver::ProxyLogin login)
{
    m_refusesLogin = login.user.isEmpty();
    // A wrong one is forgotten: proxies may lock out who says it again and again.
    qobject_cast<NetworkManager *>(manager)->setProxyLogin(login.user, login.password);
    if (m_refusesLogin)
        return fail(m_loginError);
    // Not now: it may be a signal of that very step that leads here.
    QMetaObject::invokeMethod(
        this,
        [this, turn = m_turn] {
            if (turn == m_turn)
                repeatStep();
        },
        Qt::QueuedConnection);
}

void UpdaterPrivate::repeatStep()
{
    if (state == Updater::State::Checking)
        m_session->check();
    else
        m_session->stage();
}

} // namespace Freshen
