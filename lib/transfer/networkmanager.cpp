// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/networkmanager.h"

#include <QNetworkProxyFactory>
#include <QNetworkReply>

namespace Freshen {

// The login is part of the proxy rather than an answer to proxyAuthenticationRequired(): that is
// asked again after every refusal, and does not tell that of a tunnel (seen with 6.4.2).
class ProxyChoice : public QNetworkProxyFactory
{
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override
    {
        QList<QNetworkProxy> proxies = proxyForQuery(query);
        const QNetworkProxy first = proxies.value(0, QNetworkProxy::NoProxy);
        last = first.type() == QNetworkProxy::NoProxy
            ? QString()
            : QStringLiteral("%1:%2").arg(first.hostName()).arg(first.port());
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
    QString last;
};

NetworkManager::NetworkManager(QObject *parent)
    : QNetworkAccessManager(parent)
    , m_proxies(new ProxyChoice)
{
    setProxyFactory(m_proxies);
    connect(this, &QNetworkAccessManager::finished, this,
            [this](QNetworkReply *reply) { judgeLogin(*reply); });
}

void NetworkManager::setProxyLogin(const QString &user, const QString &password)
{
    m_proxies->user = user;
    m_proxies->password = password;
    m_isProven = m_isRefused = false;
}

void NetworkManager::judgeLogin(const QNetworkReply &reply)
{
    if (m_proxies->user.isEmpty() || m_proxies->last.isEmpty())
        return;
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 0)
        return; // no answer at all
    m_isProven = m_isProven || (status >= 200 && status < 400);
    m_isRefused = !m_isProven && (status == 401 || status == 407);
}

QString NetworkManager::lastProxy() const
{
    return m_proxies->last;
}

} // namespace Freshen
