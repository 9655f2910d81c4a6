// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/validators.h"

#include <QLocale>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <algorithm>

namespace Freshen {

namespace {

constexpr qsizetype maximumValue = 1024;
constexpr qint64 settledAfter = 60; // seconds

QByteArray cleanHeader(const QNetworkReply &reply, const char *name)
{
    const QByteArray value = reply.rawHeader(name);
    const bool isClean = std::none_of(value.begin(), value.end(),
                                      [](char c) { return uchar(c) < 0x20 || c == 0x7f; });
    return isClean && value.size() <= maximumValue ? value : QByteArray();
}

// Times have whole seconds: what was changed just now may change again within the same one, and
// would then pass for unmodified. See RFC 9110, 8.8.2.2.
bool isSettled(const QByteArray &lastModified, const QNetworkReply &reply)
{
    const QDateTime changed = httpDate(lastModified);
    const QDateTime answered = httpDate(reply.rawHeader("Date"));
    return changed.isValid() && answered.isValid() && changed.secsTo(answered) >= settledAfter;
}

} // namespace

Validators Validators::of(const QNetworkReply &reply, const QUrl &url)
{
    Validators validators{url, cleanHeader(reply, "ETag"), cleanHeader(reply, "Last-Modified")};
    if (!isSettled(validators.lastModified, reply))
        validators.lastModified.clear();
    return validators;
}

bool Validators::addTo(QNetworkRequest &request) const
{
    if (isEmpty() || request.url() != url)
        return false;
    if (!etag.isEmpty())
        request.setRawHeader("If-None-Match", etag);
    if (!lastModified.isEmpty())
        request.setRawHeader("If-Modified-Since", lastModified);
    return true;
}

QByteArray Validators::strong() const
{
    return etag.isEmpty() || etag.startsWith("W/") ? lastModified : etag;
}

QDateTime httpDate(const QByteArray &text)
{
    QDateTime time = QLocale::c().toDateTime(QString::fromLatin1(text),
                                             QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'"));
    time.setTimeSpec(Qt::UTC);
    return time;
}

} // namespace Freshen
