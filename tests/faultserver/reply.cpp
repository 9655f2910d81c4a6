// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/faultserver/reply.h"

#include "tests/faultserver/gzip.h"
#include "tests/faultserver/range.h"

#include <Freshen/faultrequest.h>

#include <QDateTime>
#include <QFileInfo>
#include <QLocale>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

using Length = FaultAnswer::Length;
using Ranges = FaultAnswer::Ranges;

QByteArray httpDate(const QDateTime &time)
{
    const QString format = u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s;
    return QLocale::c().toString(time.toUTC(), format).toLatin1();
}

void addValidators(FaultAnswer &answer)
{
    const QFileInfo info(answer.file);
    const QDateTime changed = info.lastModified();
    if (answer.etag.isNull()) {
        answer.etag = '"' + QByteArray::number(info.size(), 16) + '-'
            + QByteArray::number(changed.toMSecsSinceEpoch(), 16) + '"';
    }
    if (answer.lastModified.isNull()) {
        answer.lastModified = httpDate(changed);
        // Without it nobody can judge how old the other is.
        answer.headers.append("Date: " + httpDate(QDateTime::currentDateTimeUtc()));
    }
}

// The tag counts where there is one, as a weak one; the date only where no tag is asked for.
bool isUnmodified(const FaultAnswer &answer, const FaultRequest &request)
{
    const QByteArray tags = request.header("If-None-Match");
    if (tags.isNull()) {
        return !answer.lastModified.isEmpty()
            && request.header("If-Modified-Since") == answer.lastModified;
    }
    const QByteArray tag = answer.etag.mid(answer.etag.startsWith("W/") ? 2 : 0);
    return tags == "*" || (!tag.isEmpty() && tags.contains(tag));
}

// Whether the client's part is of the same file: strong tags only.
bool isSameFile(const FaultAnswer &answer, const FaultRequest &request)
{
    const QByteArray condition = request.header("If-Range");
    if (condition.startsWith('"'))
        return condition == answer.etag;
    return condition.isNull() || (!condition.isEmpty() && condition == answer.lastModified);
}

std::optional<Span> rangeFor(const FaultAnswer &answer, const FaultRequest &request, qint64 size)
{
    const bool hasRanges = answer.ranges != Ranges::Ignored && !answer.isEndless;
    if (!hasRanges || request.method != "GET" || !isSameFile(answer, request))
        return {};
    return askedRange(request.header("Range"), size);
}

// Makes it an answer for this range, as far as the answer is an honest one.
void applyRange(FaultAnswer &answer, Span &span, qint64 size)
{
    const QByteArray total = QByteArray::number(size + (answer.ranges == Ranges::WrongTotal));
    const QByteArray unit = answer.ranges == Ranges::WrongUnit ? "lines " : "bytes ";
    if (answer.ranges == Ranges::Refused || span.isEmpty()) {
        answer.status = 416;
        answer.headers.append("Content-Range: " + unit + "*/" + total);
        span = {};
        return;
    }
    if (answer.ranges == Ranges::WrongStart)
        span.first += span.first > 0 ? -1 : 1;
    answer.status = 206;
    if (answer.ranges != Ranges::NoContentRange) {
        answer.headers.append("Content-Range: " + unit + QByteArray::number(span.first) + '-'
                              + QByteArray::number(span.last) + '/' + total);
    }
}

QByteArray headOf(const FaultAnswer &answer, qint64 size)
{
    QByteArray text = "HTTP/1.1 " + QByteArray::number(answer.status)
        + " Told so\r\nConnection: close\r\n";
    const auto add = [&](const char *name, const QByteArray &value) {
        if (!value.isEmpty())
            text += name + (": " + value) + "\r\n";
    };
    if (answer.length == Length::Chunked)
        add("Transfer-Encoding", "chunked");
    if (answer.length == Length::Announced)
        add("Content-Length", QByteArray::number(answer.announced.value_or(size)));
    add("ETag", answer.etag);
    add("Last-Modified", answer.lastModified);
    add("Location", answer.redirect);
    add("Retry-After", answer.retryAfter);
    for (const QByteArray &header : answer.headers)
        text += header + "\r\n";
    return text;
}

bool acceptsGzip(const FaultRequest &request)
{
    return request.header("Accept-Encoding").toLower().contains("gzip");
}

Reply packedReply(FaultAnswer answer, std::unique_ptr<PlainContent> content)
{
    if (answer.length == Length::Announced && !answer.announced)
        answer.length = Length::Chunked;
    answer.headers.append("Content-Encoding: gzip");
    return {answer.status, headOf(answer, 0), std::make_unique<GzipContent>(std::move(content)),
            Reply::endless, answer.length == Length::Chunked};
}

Reply plainReply(FaultAnswer answer, const FaultRequest &request,
                 std::unique_ptr<PlainContent> content)
{
    const qint64 size = content->size();
    Span span{0, size - 1};
    if (answer.status == 200) {
        if (const auto range = rangeFor(answer, request, size)) {
            span = *range;
            applyRange(answer, span, size);
        }
    }
    content->seek(span.first);
    return {answer.status, headOf(answer, span.size()), std::move(content),
            answer.isEndless && size > 0 ? Reply::endless : span.size(),
            answer.length == Length::Chunked};
}

} // namespace

Reply makeReply(FaultAnswer answer, const FaultRequest &request)
{
    auto content = std::make_unique<PlainContent>(answer);
    if (!content->isOpen())
        return makeReply(notFound(), request);
    const qint64 size = content->size();
    if (!answer.raw.isEmpty()) {
        return {answer.status, {}, std::move(content), answer.isEndless ? Reply::endless : size,
                false};
    }
    if (!answer.file.isEmpty())
        addValidators(answer);
    if (!answer.redirect.isEmpty() && answer.status == 200)
        answer.status = 302;
    if (answer.status == 200 && isUnmodified(answer, request)) {
        answer.status = 304;
        return {answer.status, headOf(answer, size), {}, 0, false};
    }
    Reply reply = answer.isPacked && acceptsGzip(request)
        ? packedReply(answer, std::move(content))
        : plainReply(answer, request, std::move(content));
    if (request.method == "HEAD") {
        reply.content.reset();
        reply.length = 0;
        reply.isChunked = false;
    }
    return reply;
}

FaultAnswer notFound()
{
    return {.status = 404, .content = "<html>not here</html>"};
}

FaultAnswer FaultAnswer::loginPage()
{
    return {.content = "<html><title>Welcome</title><form>Room: <input></form></html>",
            .headers = {"Content-Type: text/html"}};
}

} // namespace Freshen
