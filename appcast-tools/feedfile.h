// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Feeds on a publisher's disk.

#pragma once

#include "appcast-tools/feeddocument.h"
#include "appcast-tools/signingauthority.h"
#include "lib/feed/appcast.h"
#include "lib/feed/feedsignature.h"

namespace Freshen {

// The file's bytes; FEED_TOO_LARGE for more than a client would read.
Result<QByteArray> readFeedFile(const QString &path);

// The file's content, if it is signed as one of the roles wants it.
Result<VerifiedFeed> readSignedFeed(const QString &path, const std::vector<Trust::RootRole> &roles);

// Whether the file's content is that of a feed, signed or not.
bool isFeedFile(const QString &path);

// The stamp of the next edition: the counter grows by one; without a previous stamp it is the
// time in seconds. CLOCK when `now` is before the previous edition.
struct StampWishes {
    QString product;
    QDateTime now;
    qint64 validSeconds = 0;
    quint64 root = 0; // the newest; 0: none
};
Result<FeedStamp> nextStamp(const std::optional<FeedStamp> &previous, const StampWishes &wishes);

// Puts the stamp in, signs, makes sure that a client would take the feed, and writes it in one
// step.
Result<void> writeFeedFile(const QString &path, FeedDocument document, const FeedStamp &stamp,
                           const SigningKeys &keys, const SigningAuthority &authority);

// "Refresh it before …": what a publisher has to remember.
QString refreshReminder(const FeedStamp &stamp);

} // namespace Freshen
