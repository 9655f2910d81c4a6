// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QNetworkAccessManager>

namespace Freshen {

class ProxyChoice;

// What transfers go through where the application gave nothing for it. Which proxy is as Qt has it:
// the one that the application set in Qt, else the system's (its settings, or http_proxy,
// https_proxy and no_proxy, with name and password in them); never one to loopback.
class NetworkManager : public QNetworkAccessManager
{
    Q_OBJECT

public:
    explicit NetworkManager(QObject *parent = nullptr);

    // What requests from now on say to proxies that ask, once each: refused, they fail.
    void setProxyLogin(const QString &user, const QString &password);

private:
    ProxyChoice *m_proxies; // the base class owns it
};

} // namespace Freshen
