// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What the head of an answer says, as RFC 9110 has it.

#pragma once

#include "lib/transfer/transfererror.h"

#include <QUrl>

class QNetworkReply;

namespace Freshen {

// 0 where there is none, as with files.
int statusOf(const QNetworkReply &reply);
// The address of another place where the answer is; empty where this is no redirect.
QUrl redirectTarget(const QNetworkReply &reply, const QUrl &url);

// The part of a file that an answer holds.
struct ContentRange {
    qint64 first = 0;
    qint64 last = 0; // inclusive
    qint64 total = -1; // bytes of the whole file; -1: not told
};
// Nothing where it is missing or makes no sense.
std::optional<ContentRange> contentRangeOf(const QNetworkReply &reply);

// The length of this answer's content; -1 when it is not told.
qint64 contentLengthOf(const QNetworkReply &reply);

// How a reply failed, by its status or by Qt's error.
TransferError statusError(const QNetworkReply &reply, const QUrl &url);
TransferError replyError(const QNetworkReply &reply, const QUrl &url);
// A failure of the connection that may pass.
TransferError networkError(const QString &cause, const QUrl &url);

// For a web page instead of a file, as networks answer in place of everybody before one has logged
// in to them.
TransferError webPageError(const QUrl &url);

} // namespace Freshen
