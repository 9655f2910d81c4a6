// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/answerhead.h"

#include "lib/common/clock.h"
#include "lib/common/convert.h"
#include "lib/transfer/urlpolicy.h"
#include "lib/transfer/validators.h"

#include <QNetworkReply>
#include <QRegularExpression>

#include <algorithm>

namespace Freshen {

using namespace std::chrono_literals;
using Remedy = TransferError::Remedy;

namespace {

// Nobody is to be sent away for longer.
constexpr std::chrono::seconds longestRetryAfter = 24h;

// Section 10.2.3: seconds, or a date.
std::optional<std::chrono::seconds> retryAfterOf(const QNetworkReply &reply)
{
    const QByteArray value = reply.rawHeader("Retry-After").trimmed();
    bool isNumber = false;
    std::chrono::seconds time(value.toLongLong(&isNumber));
    if (!isNumber) {
        const QDateTime date = httpDate(value);
        if (!date.isValid())
            return {};
        time = std::chrono::seconds(Clock::current().now().secsTo(date));
    }
    return std::clamp<std::chrono::seconds>(time, 0s, longestRetryAfter);
}

// Those that tell of a server's bad moment, not of the request.
Remedy remedyFor(int status)
{
    constexpr std::array passing{408, 425, 429, 500, 502, 503, 504};
    const bool passes = std::find(passing.begin(), passing.end(), status) != passing.end();
    return passes ? Remedy::Later : Remedy::None;
}

TransferError proxyLoginError(const QUrl &url)
{
    return {{ErrorCode::PROXY_AUTH,
             QStringLiteral("The proxy on the way to %1 wants a name and a password. Give it "
                            "those in the system's settings, or in https_proxy.")
                 .arg(displayUrl(url))
                 .toStdString()}};
}

} // namespace

int statusOf(const QNetworkReply &reply)
{
    return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

QUrl redirectTarget(const QNetworkReply &reply, const QUrl &url)
{
    constexpr std::array redirects{301, 302, 303, 307, 308};
    if (std::find(redirects.begin(), redirects.end(), statusOf(reply)) == redirects.end()
        || !reply.hasRawHeader("Location"))
        return {};
    return url.resolved(QUrl::fromEncoded(reply.rawHeader("Location")));
}

std::optional<ContentRange> contentRangeOf(const QNetworkReply &reply)
{
    static const QRegularExpression form(
        QStringLiteral("^bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)$"),
        QRegularExpression::CaseInsensitiveOption);
    const auto match = form.match(QString::fromLatin1(reply.rawHeader("Content-Range")));
    if (!match.hasMatch())
        return {};
    ContentRange range{match.captured(1).toLongLong(), match.captured(2).toLongLong()};
    if (match.captured(3) != u'*')
        range.total = match.captured(3).toLongLong();
    if (range.last < range.first || (range.total >= 0 && range.last >= range.total))
        return {};
    return range;
}

qint64 contentLengthOf(const QNetworkReply &reply)
{
    const QVariant length = reply.header(QNetworkRequest::ContentLengthHeader);
    return length.isValid() ? length.toLongLong() : -1;
}

TransferError statusError(const QNetworkReply &reply, const QUrl &url)
{
    const int status = statusOf(reply);
    if (status == 407)
        return proxyLoginError(url);
    const QString message = QStringLiteral("The server answered %1 for %2. Try again later; if it "
                                           "stays so, tell the publisher.")
                                .arg(status)
                                .arg(displayUrl(url));
    // Whoever was asked for a part and cannot give that may still give all.
    const Remedy remedy = status == 416 ? Remedy::Whole : remedyFor(status);
    return {{ErrorCode::HTTP_STATUS, message.toStdString()}, remedy, retryAfterOf(reply)};
}

TransferError replyError(const QNetworkReply &reply, const QUrl &url)
{
    switch (reply.error()) {
    case QNetworkReply::SslHandshakeFailedError:
        return {{ErrorCode::TLS,
                 QStringLiteral("%1 cannot be trusted: %2. Check this computer's date; if it is "
                                "right, tell the publisher.")
                     .arg(displayUrl(url), reply.errorString())
                     .toStdString()}};
    case QNetworkReply::ProxyAuthenticationRequiredError:
        return proxyLoginError(url);
    default:
        return networkError(reply.errorString(), url);
    }
}

TransferError networkError(const QString &cause, const QUrl &url)
{
    return {{ErrorCode::NETWORK,
             QStringLiteral("%1 could not be fetched: %2. Check the connection and try again.")
                 .arg(displayUrl(url), cause)
                 .toStdString()},
            Remedy::Later};
}

TransferError webPageError(const QUrl &url)
{
    return {{ErrorCode::NETWORK,
             QStringLiteral("%1 is answered with a web page. If this network has a login page, log "
                            "in there and try again.")
                 .arg(displayUrl(url))
                 .toStdString()},
            Remedy::Later};
}

} // namespace Freshen
