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

bool isSameServer(const QUrl &one, const QUrl &other)
{
    return one.scheme() == other.scheme() && one.host() == other.host()
        && one.port() == other.port();
}

int statusOf(const QNetworkReply &reply)
{
    return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

Error statusError(int status, const QUrl &url)
{
    return {ErrorCode::HTTP_STATUS,
            QStringLiteral("The server answered %1 for %2. Try again later; if it stays so, "
                           "tell the publisher.")
                .arg(status)
                .arg(displayUrl(url))
                .toStdString()};
}

Error networkError(const QString &cause, const QUrl &url)
{
    return {ErrorCode::NETWORK,
            QStringLiteral("%1 could not be fetched: %2. Check the connection and try again.")
                .arg(displayUrl(url), cause)
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
    stop();
}

void HttpGet::start(const QUrl &url)
{
    m_start = url;
    request(url);
}

void HttpGet::stop()
{
    m_done = true;
    if (!m_reply)
        return;
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
    m_reply = nullptr;
}

QNetworkRequest HttpGet::prepared(const QUrl &url)
{
    QNetworkRequest request(url);
    request.setHeader(QNetworkRequest::UserAgentHeader, QStringLiteral("Freshen"));
    if (m_policy.prepare && isSameServer(url, m_start))
        m_policy.prepare(request);
    // Whatever that did: where a request goes, and what follows it, is decided here.
    request.setUrl(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                         QNetworkRequest::ManualRedirectPolicy);
    // What is signed has a life of its own; a cache in between can only be stale.
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute,
                         QNetworkRequest::AlwaysNetwork);
    request.setTransferTimeout(silenceLimit);
    // Whoever takes the bytes has a limit of their own, and a better word for it.
    request.setDecompressedSafetyCheckThreshold(-1);
    m_isConditional = m_known.addTo(request);
    return request;
}

void HttpGet::request(const QUrl &url)
{
    m_url = url;
    if (const auto allowed = checkUrl(url, m_policy); !allowed) {
        // Later, as all answers come, so that nobody is called back while still starting.
        QMetaObject::invokeMethod(
            this, [this, error = allowed.error()] { fail(error); }, Qt::QueuedConnection);
        return;
    }
    m_reply = m_manager->get(prepared(url));
    m_reply->setReadBufferSize(bufferSize);
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &HttpGet::judge);
    connect(m_reply, &QNetworkReply::readyRead, this, &HttpGet::readAvailable);
    connect(m_reply, &QNetworkReply::finished, this, &HttpGet::finish);
}

Validators HttpGet::validators() const
{
    return m_reply && statusOf(*m_reply) == 200 ? Validators::of(*m_reply, m_url) : Validators();
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
    if (!m_done && m_reply->isFinished())
        finish();
}

// The head alone decides: an error page is not the file that was asked for, and may be endless.
void HttpGet::judge()
{
    const int status = statusOf(*m_reply);
    const bool isRedirect = status == 301 || status == 302 || status == 303 || status == 307
        || status == 308;
    if (isRedirect && m_reply->hasRawHeader("Location"))
        redirect();
    else if (status == 304 && m_isConditional)
        m_isNotModified = true;
    else if (status >= 300)
        fail(statusError(status, m_url));
}

void HttpGet::redirect()
{
    const QUrl target = m_url.resolved(QUrl::fromEncoded(m_reply->rawHeader("Location")));
    if (++m_redirects > maximumRedirects)
        return fail(networkError(QStringLiteral("the server redirects again and again"), m_url));
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
    // A server has no say in which files of this computer are read.
    m_policy.allowsFiles = false;
    request(target);
}

void HttpGet::readAvailable()
{
    while (!m_done && !m_paused && m_reply->bytesAvailable() > 0) {
        const QByteArray bytes = m_reply->read(bufferSize);
        m_received += bytes.size();
        Q_EMIT received(bytes);
    }
}

// Qt does not always notice that a connection ended early (seen with 6.4.2, one in ten). The length
// that a "not modified" announces is that of the content which it does not have.
bool HttpGet::isWhole() const
{
    return m_isNotModified || announcedLength() < 0 || announcedLength() == m_received
        || m_reply->hasRawHeader("Content-Encoding");
}

void HttpGet::finish()
{
    if (m_done)
        return;
    if (m_reply->error() != QNetworkReply::NoError)
        return fail(networkError(m_reply->errorString(), m_url));
    readAvailable();
    if (m_paused || m_done)
        return;
    if (!isWhole())
        return fail(networkError(QStringLiteral("the connection ended early"), m_url));
    m_done = true;
    Q_EMIT finished();
}

void HttpGet::fail(const Error &error)
{
    if (m_done)
        return;
    stop();
    Q_EMIT failed(error);
}

} // namespace Freshen
