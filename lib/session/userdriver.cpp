// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/userdriver.h>

namespace Freshen {

UserDriver::~UserDriver() = default;

void UserDriver::showInterrupted(const UpdateError &cause, int secondsToNextTry)
{
    Q_UNUSED(cause)
    Q_UNUSED(secondsToNextTry)
}

void UserDriver::askProxyLogin(const QString &proxy, std::function<void(ProxyLogin)> reply)
{
    Q_UNUSED(proxy)
    reply({});
}

} // namespace Freshen
