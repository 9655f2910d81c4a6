// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/source/s3source.h"

#include "lib/common/clock.h"
#include "lib/common/convert.h"
#include "lib/supervise/source/awssignature.h"
#include "lib/transfer/answerhead.h"

#include <QRegularExpression>

namespace Freshen {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

// What S3 allows.
constexpr std::chrono::seconds allowedSkew = 15min;

bool isSignedAlready(const QUrl &url)
{
    return url.query().contains("X-Amz-Signature="_L1, Qt::CaseInsensitive);
}

QByteArray regionOf(const QUrl &url)
{
    static const QRegularExpression form(
        u"(?:^|\\.)s3[.-](?:dualstack\\.)?(?!accelerate)([a-z0-9-]+)\\.amazonaws\\."_s);
    const auto match = form.match(url.host());
    return match.hasMatch() ? match.captured(1).toLatin1() : QByteArray("us-east-1");
}

Error refused(const QUrl &url)
{
    return {ErrorCode::HTTP_STATUS,
            u"%1 may not be read with these credentials, or does not exist. Check "
            "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION."_s.arg(displayUrl(url))
                .toStdString()};
}

Error skewed(const QUrl &url, qint64 seconds)
{
    return {ErrorCode::CLOCK,
            u"%1 refuses the signature, because this computer's clock differs from the server's by "
            "%2 minutes. Set the clock."_s.arg(displayUrl(url))
                .arg(std::abs(seconds) / 60)
                .toStdString()};
}

// The head is enough: a store that finds the clock wrong says what its own is.
std::optional<TransferError> explainRefusal(const QNetworkReply &answer)
{
    if (statusOf(answer) != 403)
        return {};
    const QDateTime theirs = httpDate(answer.rawHeader("Date"));
    const qint64 skew = theirs.isValid() ? theirs.secsTo(Clock::current().now()) : 0;
    if (std::abs(skew) > allowedSkew.count())
        return TransferError{skewed(answer.url(), skew)};
    return TransferError{refused(answer.url())};
}

} // namespace

HttpSource::Place s3Place(const QUrl &url, const SourceOptions &options)
{
    HttpSource::Place place{url, options.policy};
    place.prefix = u"s3:"_s;
    // To those who may not list a bucket, it does not say what it does not have.
    place.absent.append(403);
    S3Credentials credentials = options.s3;
    if (credentials.keyId.isEmpty() || isSignedAlready(url))
        return place;
    if (credentials.region.isEmpty())
        credentials.region = regionOf(url);
    place.policy.prepare = [credentials,
                            prepare = options.policy.prepare](QNetworkRequest &request) {
        if (prepare)
            prepare(request);
        signRequest(request, Clock::current().now(), credentials);
    };
    place.policy.explain = explainRefusal;
    return place;
}

} // namespace Freshen
