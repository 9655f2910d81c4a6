// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What this user's computer remembers of the feeds it accepted, so that nobody can show it an
// older one.

#pragma once

#include "lib/feed/appcast.h"
#include "platform/result.h"

namespace Freshen {

struct FreshnessRecord {
    quint64 counter = 0;
    QString feedSha256;
    QDateTime issued;
};

// Kept per product and verifying key, one small file each, replaced durably.
class FreshnessStore
{
public:
    // `folder` defaults to the user's state folder.
    explicit FreshnessStore(const QString &folder = {});

    // The record; an empty one when there is none. An unreadable file counts as none (a warning is
    // logged): a broken disk must not cut an app off from its updates.
    FreshnessRecord record(const QString &product, const QByteArray &signer) const;
    Result<void> keep(const QString &product, const QByteArray &signer,
                      const FreshnessRecord &record) const;

private:
    QString fileFor(const QString &product, const QByteArray &signer) const;
    QString m_folder;
};

// Judges a verified feed against the record: WRONG_PRODUCT, ROLLBACK, FEED_CHANGED, STALE, CLOCK.
// Returns the record to keep. `now` is the computer's clock, `built` the app's own build time.
Result<FreshnessRecord> judgeFreshness(const FeedStamp &stamp, const QByteArray &feedBytes,
                                       const QString &product, const FreshnessRecord &known,
                                       const QDateTime &now, const QDateTime &built);

} // namespace Freshen
