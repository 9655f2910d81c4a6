// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// AWS Signature Version 4, as S3 wants it for requests without a body.

#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QMap>
#include <QUrl>

class QNetworkRequest;

namespace Freshen {

struct S3Credentials;

// A GET, and all headers that are signed: by lower-case names, "host" among them.
struct AwsRequest {
    QUrl url;
    QMap<QByteArray, QByteArray> headers;
};

// What its Authorization header says.
QByteArray awsAuthorization(const AwsRequest &request, const QDateTime &time,
                            const S3Credentials &credentials);

// Signs a GET without a body.
void signRequest(QNetworkRequest &request, const QDateTime &time, const S3Credentials &credentials);

} // namespace Freshen
