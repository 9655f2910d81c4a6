// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/transfer/validators.h"

#include <QString>

#include <optional>

namespace Freshen {

// A feed as it came.
struct CachedFeed {
    Validators validators;
    QByteArray bytes;
};

// The feed that a product accepted last, kept in the user's cache folder for as long as the server
// says that it has not changed. Whoever reads it judges it like any other: its place makes nobody
// trust it. Its functions work on the disk.
class FeedCache
{
public:
    // `folder` defaults to the user's cache folder.
    FeedCache(const QString &product, const QUrl &feed, const QString &folder = {});

    // Nothing where there is none, and where it is damaged or belongs to another product or feed.
    // What is read counts as used.
    std::optional<CachedFeed> read() const;
    // Replaces what was kept. A feed without validators cannot be asked for again: nothing is kept
    // then. Failing costs no more than a longer transfer later, so it is only logged.
    void keep(const CachedFeed &feed) const;
    void drop() const;

    // Removes the feeds that nobody used for two months, of any product.
    static void removeForgotten();

private:
    void noteUse() const;

    QString m_product;
    QByteArray m_feed;
    QString m_file;
};

} // namespace Freshen
