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
    // Whether that login never got anything through and was refused. A proxy should say so with
    // 407, but some say 401 as servers do.
    bool isLoginRefused() const { return m_isRefused; }
    // The one that the last request went through, "proxy.example.org:3128"; empty without one.
    QString lastProxy() const;

private:
    void judgeLogin(const QNetworkReply &reply);

    bool m_isProven = false;
    bool m_isRefused = false;
    ProxyChoice *m_proxies; // the base class owns it
};

} // namespace Freshen
