// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/fetch.h"

#include "lib/common/convert.h"

namespace Freshen {

Fetch::Fetch(QNetworkAccessManager *manager, const UrlPolicy &policy, qint64 limit,
             ErrorCode tooLarge, QObject *parent)
    : QObject(parent)
    , m_get(manager, policy)
    , m_limit(limit)
    , m_tooLarge(tooLarge)
{
    connect(&m_get, &HttpGet::received, this, &Fetch::take);
    connect(&m_get, &HttpGet::failed, this, &Fetch::failed);
    connect(&m_get, &HttpGet::finished, this, &Fetch::finished);
}

void Fetch::start(const QUrl &url)
{
    m_get.start(url);
}

void Fetch::take(const QByteArray &bytes)
{
    m_content += bytes;
    if (m_content.size() <= m_limit)
        return;
    m_get.stop();
    Q_EMIT failed(Error{m_tooLarge,
                        QStringLiteral("%1 is larger than the %2 bytes that it may have.")
                            .arg(displayUrl(m_get.finalUrl()))
                            .arg(m_limit)
                            .toStdString()});
}

} // namespace Freshen
