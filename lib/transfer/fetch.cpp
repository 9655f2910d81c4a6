// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/fetch.h"

#include "lib/common/convert.h"

#include <QCryptographicHash>

namespace Freshen {

namespace {

Error tooLargeError(ErrorCode code, const QUrl &url, qint64 limit)
{
    return {code, QStringLiteral("%1 is larger than the %2 bytes that it may have.")
                      .arg(displayUrl(url))
                      .arg(limit)
                      .toStdString()};
}

Error lateError(const QUrl &url)
{
    return {ErrorCode::SLOW,
            QStringLiteral("%1 did not arrive in time. Try again later or on another network.")
                .arg(displayUrl(url))
                .toStdString()};
}

Error wrongBytesError(const QUrl &url)
{
    return {ErrorCode::HASH,
            QStringLiteral("%1 is not the file that the feed announces. Try again; if it stays so, "
                           "tell the publisher.")
                .arg(displayUrl(url))
                .toStdString()};
}

} // namespace

Fetch::Fetch(QNetworkAccessManager *manager, const UrlPolicy &policy, qint64 limit,
             ErrorCode tooLarge, QObject *parent)
    : QObject(parent)
    , m_manager(manager)
    , m_policy(policy)
    , m_limit(limit)
    , m_tooLarge(tooLarge)
{
    m_retry.setSingleShot(true);
    m_deadline.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &Fetch::ask);
    connect(&m_deadline, &QTimer::timeout, this, [this] { end(lateError(url())); });
}

void Fetch::start(const QList<QUrl> &urls)
{
    m_attempts.emplace(urls, m_policy.limits.patience);
    m_deadline.start(m_policy.limits.deadline);
    ask();
}

void Fetch::ask()
{
    m_content.clear();
    m_get = std::make_unique<HttpGet>(m_manager, m_policy);
    m_get->setValidators(m_known);
    connect(m_get.get(), &HttpGet::received, this, &Fetch::take);
    connect(m_get.get(), &HttpGet::failed, this, &Fetch::fail);
    connect(m_get.get(), &HttpGet::finished, this, &Fetch::finish);
    m_get->start(m_attempts->url());
}

void Fetch::take(const QByteArray &bytes)
{
    m_content += bytes;
    m_received += bytes.size();
    if (m_content.size() > m_limit)
        fail({tooLargeError(m_tooLarge, m_get->finalUrl(), m_limit)});
}

void Fetch::finish()
{
    const auto hash = QCryptographicHash::hash(m_content, QCryptographicHash::Sha256);
    if (!m_sha256.isEmpty() && QString::fromLatin1(hash.toHex()) != m_sha256)
        return fail({wrongBytesError(m_get->finalUrl())});
    m_deadline.stop();
    Q_EMIT finished();
}

void Fetch::fail(const TransferError &error)
{
    m_get->stop();
    if (const auto wait = m_attempts->next(error))
        m_retry.start(*wait);
    else
        end(m_attempts->verdict());
}

void Fetch::end(const Error &error)
{
    m_get->stop();
    m_retry.stop();
    m_deadline.stop();
    Q_EMIT failed(error);
}

} // namespace Freshen
