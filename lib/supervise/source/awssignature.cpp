// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/source/awssignature.h"

#include "lib/supervise/source/updatesource.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>
#include <QNetworkRequest>
#include <QUrlQuery>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

const QByteArray algorithm = "AWS4-HMAC-SHA256";

QByteArray sha256Hex(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QByteArray hmac(const QByteArray &key, const QByteArray &message)
{
    return QMessageAuthenticationCode::hash(message, key, QCryptographicHash::Sha256);
}

QByteArray dayOf(const QDateTime &time)
{
    return time.toUTC().toString(u"yyyyMMdd"_s).toLatin1();
}

QByteArray stampOf(const QDateTime &time)
{
    return time.toUTC().toString(u"yyyyMMdd'T'hhmmss'Z'"_s).toLatin1();
}

QByteArray canonicalQuery(const QUrl &url)
{
    QByteArrayList parameters;
    const auto items = QUrlQuery(url).queryItems(QUrl::FullyDecoded);
    for (const auto &[name, value] : items)
        parameters.append(QUrl::toPercentEncoding(name) + '=' + QUrl::toPercentEncoding(value));
    std::sort(parameters.begin(), parameters.end());
    return parameters.join('&');
}

QByteArray canonicalPath(const QUrl &url)
{
    const QByteArray path = QUrl::toPercentEncoding(url.path(QUrl::FullyDecoded), "/");
    return path.isEmpty() ? QByteArray("/") : path;
}

QByteArray signedHeaders(const AwsRequest &request)
{
    return request.headers.keys().join(';');
}

QByteArray canonicalRequest(const AwsRequest &request)
{
    QByteArray headers;
    for (auto header = request.headers.begin(); header != request.headers.end(); ++header)
        headers += header.key() + ':' + header.value().trimmed() + '\n';
    return QByteArrayList{
        "GET",   canonicalPath(request.url), canonicalQuery(request.url),
        headers, signedHeaders(request),     request.headers["x-amz-content-sha256"]}
        .join('\n');
}

QByteArray hostOf(const QUrl &url)
{
    const QByteArray host = url.host(QUrl::FullyEncoded).toLatin1();
    return url.port() < 0 ? host : host + ':' + QByteArray::number(url.port());
}

} // namespace

QByteArray awsAuthorization(const AwsRequest &request, const QDateTime &time,
                            const S3Credentials &credentials)
{
    const QByteArray day = dayOf(time);
    const QByteArray scope = day + '/' + credentials.region + "/s3/aws4_request";
    const QByteArray message = algorithm + '\n' + stampOf(time) + '\n' + scope + '\n'
        + sha256Hex(canonicalRequest(request));
    QByteArray key = "AWS4" + credentials.secret;
    for (const QByteArray &part : {day, credentials.region, "s3"_ba, "aws4_request"_ba})
        key = hmac(key, part);
    return algorithm + " Credential=" + credentials.keyId + '/' + scope
        + ",SignedHeaders=" + signedHeaders(request) + ",Signature=" + hmac(key, message).toHex();
}

void signRequest(QNetworkRequest &request, const QDateTime &time, const S3Credentials &credentials)
{
    AwsRequest signedPart{request.url(),
                          {{"host", hostOf(request.url())},
                           {"x-amz-content-sha256", sha256Hex({})},
                           {"x-amz-date", stampOf(time)}}};
    if (!credentials.sessionToken.isEmpty())
        signedPart.headers["x-amz-security-token"] = credentials.sessionToken;
    for (auto header = signedPart.headers.begin(); header != signedPart.headers.end(); ++header)
        request.setRawHeader(header.key(), header.value());
    request.setRawHeader("Authorization", awsAuthorization(signedPart, time, credentials));
}

} // namespace Freshen
