// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QUrl>

class QNetworkReply;
class QNetworkRequest;

namespace Freshen {

// What a server says about a file, so that it can be asked later whether the file has changed.
// Values are kept as they came.
struct Validators {
    QUrl url; // that of the file; they mean nothing anywhere else
    QByteArray etag;
    QByteArray lastModified;

    // Without what is longer than any honest one or has control characters.
    static Validators of(const QNetworkReply &reply, const QUrl &url);

    bool isEmpty() const { return etag.isEmpty() && lastModified.isEmpty(); }
    // Whether the request, made conditional by them, may be answered with "not modified".
    bool addTo(QNetworkRequest &request) const;
    // The one that tells whether two answers are parts of the same file, byte by byte; empty where
    // none does. See RFC 9110, 13.1.5.
    QByteArray strong() const;
};

// A date as HTTP writes it; invalid where it is none.
QDateTime httpDate(const QByteArray &text);

} // namespace Freshen
