// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/httpget.h"

#include "lib/common/convert.h"
#include "lib/transfer/answerhead.h"

#include <QNetworkAccessManager>
#include <QNetworkRequest>
#include <QTimerEvent>

namespace Freshen {

namespace {

constexpr int maximumRedirects = 5;

bool isSameServer(const QUrl &one, const QUrl &other)
{
    return one.scheme() == other.scheme() && one.host() == other.host()
        && one.port() == other.port();
}

TransferError slowError(qint64 bytes, std::chrono::milliseconds time, const QUrl &url)
{
    const auto seconds = std::max<qint64>(1, time.count() / 1000);
    return {{ErrorCode::SLOW,
             QStringLiteral("%1 sent %2 bytes in %3 s, which is too slow. Try again later or on "
                            "another network.")
                 .arg(displayUrl(url))
                 .arg(bytes)
                 .arg(seconds)
                 .toStdString()},
            TransferError::Remedy::Later};
}

TransferError otherPartError(const QUrl &url)
{
    return {{ErrorCode::SIZE,
             QStringLiteral("%1 sends another part of the file than it was asked for. Tell the "
                            "publisher.")
                 .arg(displayUrl(url))
                 .toStdString()},
            TransferError::Remedy::Whole};
}

TransferError silenceError(std::chrono::milliseconds time, const QUrl &url)
{
    const auto seconds = std::max<qint64>(1, time.count() / 1000);
    return networkError(QStringLiteral("nothing came for %1 s").arg(seconds), url);
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

void HttpGet::setRange(qint64 first, qint64 last, const Validators &known)
{
    m_first = first;
    m_last = last;
    m_known = known;
}

void HttpGet::start(const QUrl &url)
{
    m_start = url;
    m_window.start(int(m_policy.limits.window.count()), this);
    request(url);
}

void HttpGet::stop()
{
    m_done = true;
    m_window.stop();
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
    // Whoever takes the bytes has a limit of their own, and a better word for it.
    request.setDecompressedSafetyCheckThreshold(-1);
    if (m_isUnpacked || m_first >= 0)
        request.setRawHeader("Accept-Encoding", "identity");
    if (m_first >= 0)
        addRange(request);
    else
        m_isConditional = m_known.addTo(request);
    return request;
}

void HttpGet::addRange(QNetworkRequest &request) const
{
    // Over HTTP/2, Qt 6.4 goes on reading into its memory when nobody takes the bytes.
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    if (m_first == 0 && m_last < 0)
        return;
    const QByteArray last = m_last < 0 ? QByteArray() : QByteArray::number(m_last);
    request.setRawHeader("Range", "bytes=" + QByteArray::number(m_first) + '-' + last);
    const bool isKnown = m_known.url == m_start && !m_known.strong().isEmpty();
    if (isKnown)
        request.setRawHeader("If-Range", m_known.strong());
}

void HttpGet::request(const QUrl &url)
{
    m_url = url;
    if (const auto allowed = checkUrl(url, m_policy); !allowed) {
        // Later, as all answers come, so that nobody is called back while still starting.
        QMetaObject::invokeMethod(
            this, [this, error = allowed.error()] { fail({error}); }, Qt::QueuedConnection);
        return;
    }
    m_reply = m_manager->get(prepared(url));
    m_reply->setReadBufferSize(m_bufferSize);
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &HttpGet::judge);
    connect(m_reply, &QNetworkReply::readyRead, this, &HttpGet::readAvailable);
    connect(m_reply, &QNetworkReply::finished, this, &HttpGet::finish);
}

Validators HttpGet::validators() const
{
    const int status = m_reply ? statusOf(*m_reply) : 0;
    return status == 200 || status == 206 ? Validators::of(*m_reply, addressOfValidators())
                                          : Validators();
}

// Servers that send everybody to another address, a new one each time, still have the same file.
QUrl HttpGet::addressOfValidators() const
{
    return m_first < 0 ? m_url : m_start;
}

qint64 HttpGet::announcedLength() const
{
    if (!m_reply)
        return -1;
    return m_isPartial ? contentRangeOf(*m_reply)->total : contentLengthOf(*m_reply);
}

bool HttpGet::isWebPage() const
{
    return m_reply && m_reply->rawHeader("Content-Type").toLower().startsWith("text/html");
}

void HttpGet::setPaused(bool paused)
{
    const bool goesOn = m_paused && !paused;
    m_paused = paused;
    m_wasPaused = m_wasPaused || paused;
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
    // Qt 6.4 now and then asks again by itself, for all of it, when the connection ends midway.
    if (m_isAnswered)
        return fail(networkError(QStringLiteral("the connection ended early"), m_url));
    // Qt drops all headers of a head that is too large for it (seen with 6.4.2: 100 of them).
    if (status != 0 && m_reply->rawHeaderList().isEmpty())
        return fail({networkError(QStringLiteral("the head of the answer is too large"),
                                  m_url).error});
    if (const QUrl target = redirectTarget(*m_reply, m_url); !target.isEmpty())
        return redirect(target);
    m_isNotModified = status == 304 && m_isConditional;
    if (m_isNotModified)
        return;
    if (status >= 300)
        return fail(refusal());
    m_isPartial = status == 206;
    if (m_isPartial && !isAskedPart())
        return fail(otherPartError(m_url));
    m_isAnswered = true;
    Q_EMIT answered();
}

TransferError HttpGet::refusal() const
{
    const auto meaning = m_policy.explain ? m_policy.explain(*m_reply) : std::nullopt;
    return meaning ? *meaning : statusError(*m_reply, m_url);
}

// A part is only worth something where it is exactly the one that was asked for.
bool HttpGet::isAskedPart() const
{
    const auto range = contentRangeOf(*m_reply);
    if (!range || range->first != m_first || m_reply->hasRawHeader("Content-Encoding"))
        return false;
    const qint64 length = contentLengthOf(*m_reply);
    const bool isToTheEnd = range->total < 0 || range->last + 1 == range->total;
    return (m_last < 0 ? isToTheEnd : range->last == m_last)
        && (length < 0 || length == range->last - range->first + 1);
}

void HttpGet::redirect(const QUrl &target)
{
    if (++m_redirects > maximumRedirects) {
        auto error = networkError(QStringLiteral("the server redirects again and again"), m_url);
        return fail({error.error});
    }
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
    m_reply = nullptr;
    // A server has no say in which files of this computer are read, nor in who may listen.
    m_policy.allowsFiles = false;
    m_policy.isEncrypted = m_policy.isEncrypted || m_url.scheme() == QLatin1String("https");
    request(target);
}

void HttpGet::readAvailable()
{
    // What came before the connection broke counts, wanted just now or not.
    const bool isBroken = m_reply->error() != QNetworkReply::NoError;
    while (!m_done && (!m_paused || isBroken) && m_reply->bytesAvailable() > 0) {
        // No more than there is: Qt makes room for all that is asked for, and keeps it.
        const QByteArray bytes = m_reply->read(std::min(m_bufferSize, m_reply->bytesAvailable()));
        m_received += bytes.size();
        m_inWindow += bytes.size();
        Q_EMIT received(bytes);
    }
}

// Qt does not always notice that a connection ended early (seen with 6.4.2, one in ten). The length
// that a "not modified" announces is that of the content which it does not have.
bool HttpGet::isWhole() const
{
    const qint64 length = m_isPartial ? contentRangeOf(*m_reply)->last - m_first + 1
                                      : contentLengthOf(*m_reply);
    return m_isNotModified || length < 0 || length == m_received
        || m_reply->hasRawHeader("Content-Encoding");
}

void HttpGet::finish()
{
    if (m_done)
        return;
    const TransferError error = replyError(*m_reply, m_url);
    const bool isBroken = m_reply->error() != QNetworkReply::NoError;
    readAvailable();
    if (m_done)
        return;
    if (isBroken)
        return fail(error);
    if (m_paused)
        return;
    if (!isWhole())
        return fail(networkError(QStringLiteral("the connection ended early"), m_url));
    m_done = true;
    m_window.stop();
    Q_EMIT finished();
}

void HttpGet::fail(const TransferError &error)
{
    if (m_done)
        return;
    stop();
    Q_EMIT failed(error);
}

// A window in which nobody wanted the bytes tells nothing about the network.
void HttpGet::timerEvent(QTimerEvent *)
{
    const TransferLimits &limits = m_policy.limits;
    const qint64 bytes = std::exchange(m_inWindow, 0);
    if (std::exchange(m_wasPaused, m_paused))
        return;
    if (bytes == 0)
        fail(silenceError(limits.window, m_url));
    else if (bytes < limits.minimumRate * limits.window.count() / 1000)
        fail(slowError(bytes, limits.window, m_url));
}

} // namespace Freshen
