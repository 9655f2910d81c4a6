// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/networkmanager.h"

#include <QNetworkProxyFactory>

namespace Freshen {

// The login is part of the proxy rather than an answer to proxyAuthenticationRequired(): that is
// asked again after every refusal, and does not tell that of a tunnel (seen with 6.4.2).
class ProxyChoice : public QNetworkProxyFactory
{
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override
    {
        QList<QNetworkProxy> proxies = proxyForQuery(query);
        for (QNetworkProxy &proxy : proxies) {
            if (user.isEmpty() || proxy.type() == QNetworkProxy::NoProxy)
                continue;
            proxy.setUser(user);
            proxy.setPassword(password);
        }
        return proxies;
    }

    QString user;
    QString password;
};

NetworkManager::NetworkManager(QObject *parent)
    : QNetworkAccessManager(parent)
    , m_proxies(new ProxyChoice)
{
    setProxyFactory(m_proxies);
}

void NetworkManager::setProxyLogin(const QString &user, const QString &password)
{
    m_proxies->user = user;
    m_proxies->password = password;
}

} // namespace Freshen
