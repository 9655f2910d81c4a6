// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/httpget.h"

#include "lib/common/convert.h"

#include <QNetworkAccessManager>
#include <QNetworkRequest>

namespace Freshen {

namespace {

constexpr int maximumRedirects = 5;
constexpr int silenceLimit = 30'000; // ms without a byte
constexpr qint64 bufferSize = 1 << 20;

QNetworkRequest requestFor(const QUrl &url)
{
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                         QNetworkRequest::UserVerifiedRedirectPolicy);
    // What is signed has a life of its own; a cache in between can only be stale.
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute,
                         QNetworkRequest::AlwaysNetwork);
    request.setMaximumRedirectsAllowed(maximumRedirects);
    request.setTransferTimeout(silenceLimit);
    request.setHeader(QNetworkRequest::UserAgentHeader, QStringLiteral("Freshen"));
    return request;
}

Error toError(const QNetworkReply &reply, const QUrl &url)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status >= 400) {
        return {ErrorCode::HTTP_STATUS,
                QStringLiteral("The server answered %1 for %2. Try again later; if it stays so, "
                               "tell the publisher.")
                    .arg(status)
                    .arg(displayUrl(url))
                    .toStdString()};
    }
    return {ErrorCode::NETWORK,
            QStringLiteral("%1 could not be fetched: %2. Check the connection and try again.")
                .arg(displayUrl(url), reply.errorString())
                .toStdString()};
}

} // namespace

HttpGet::HttpGet(QNetworkAccessManager *manager, const UrlPolicy &policy, QObject *parent)
    : QObject(parent)
    , m_manager(manager)
    , m_policy(policy)
{
}

HttpGet::~HttpGet()
{
    if (!m_reply)
        return;
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
}

void HttpGet::start(const QUrl &url)
{
    m_url = url;
    if (const auto allowed = checkUrl(url, m_policy); !allowed) {
        // Later, as all answers come, so that nobody is called back while still starting.
        QMetaObject::invokeMethod(
            this, [this, error = allowed.error()] { fail(error); }, Qt::QueuedConnection);
        return;
    }
    m_reply = m_manager->get(requestFor(url));
    m_reply->setReadBufferSize(bufferSize);
    connect(m_reply, &QNetworkReply::redirected, this, &HttpGet::judgeRedirect);
    connect(m_reply, &QNetworkReply::readyRead, this, &HttpGet::readAvailable);
    connect(m_reply, &QNetworkReply::finished, this, &HttpGet::finish);
}

QUrl HttpGet::finalUrl() const
{
    return m_reply ? m_reply->url() : m_url;
}

qint64 HttpGet::announcedLength() const
{
    const QVariant length = m_reply ? m_reply->header(QNetworkRequest::ContentLengthHeader)
                                    : QVariant();
    return length.isValid() ? length.toLongLong() : -1;
}

void HttpGet::setPaused(bool paused)
{
    const bool goesOn = m_paused && !paused;
    m_paused = paused;
    if (!goesOn || !m_reply)
        return;
    readAvailable();
    if (!m_done && m_reply && m_reply->isFinished())
        finish();
}

void HttpGet::judgeRedirect(const QUrl &target)
{
    if (const auto allowed = checkUrl(target, m_policy); !allowed)
        fail(allowed.error());
    else
        Q_EMIT m_reply->redirectAllowed();
}

void HttpGet::readAvailable()
{
    // An error page is not the file that was asked for.
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    while (!m_done && !m_paused && status < 300 && m_reply->bytesAvailable() > 0)
        Q_EMIT received(m_reply->read(bufferSize));
}

void HttpGet::finish()
{
    if (m_done)
        return;
    if (m_reply->error() != QNetworkReply::NoError)
        return fail(toError(*m_reply, m_url));
    readAvailable();
    if (m_paused || m_done)
        return;
    m_done = true;
    Q_EMIT finished();
}

void HttpGet::fail(const Error &error)
{
    if (m_done)
        return;
    m_done = true;
    if (m_reply)
        m_reply->abort();
    Q_EMIT failed(error);
}

} // namespace Freshen
