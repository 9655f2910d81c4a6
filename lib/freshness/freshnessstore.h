// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What this user's computer remembers of the feeds it accepted, so that nobody can show it an
// older one.

#pragma once

#include "lib/feed/appcast.h"
#include "updater-helper/trust/root.h"

namespace Freshen {

struct FreshnessRecord {
    quint64 counter = 0;
    QString feedSha256;
    QDateTime issued;
    QDateTime expires; // invalid where an earlier version of Freshen kept the record
};

// Kept per product and signer, one small file each, replaced durably. The signer is the verifying
// key; with a root it is the root's feed role, so that new keys begin a new count.
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

// The feed role as a signer. A role of one key is that key: an app that goes over to a root goes on
// counting.
QByteArray signerOf(const Trust::RootRole &role);

// When a check begins, for everything that may be expired: not before anything that is known to
// have been already, whatever the computer's clock says. CLOCK when that is before `built`.
Result<QDateTime> checkTime(const QDateTime &now, const QDateTime &built,
                            const FreshnessRecord &known);

// Judges a verified feed against the record: WRONG_PRODUCT, ROLLBACK, FEED_CHANGED, STALE, CLOCK.
// Returns the record to keep. `now` is the computer's clock, `built` the app's own build time.
Result<FreshnessRecord> judgeFreshness(const FeedStamp &stamp, const QByteArray &feedBytes,
                                       const QString &product, const FreshnessRecord &known,
                                       const QDateTime &now, const QDateTime &built);

} // namespace Freshen
