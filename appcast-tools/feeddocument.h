// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/result.h"

#include <QByteArray>
#include <QStringList>

namespace Freshen {

// A feed as text, cut into parts that can be exchanged, so that whatever a person wrote into the
// others stays exactly as it is.
struct FeedDocument {
    QString head; // up to and with the start tag of <channel>
    QString indent; // the blanks before the stamp
    QString stamp; // <freshen:feed …/>; empty when there is none
    QString preamble; // what else stands before the first item
    // Each with what stands between it and the one before, but for <freshen:withdrawn>.
    QStringList items;
    QString tail;

    // FEED_PARSE for what is no well-formed feed; `content` carries no trailers.
    static Result<FeedDocument> parse(const QByteArray &content);
    QByteArray toXml() const;
    // The same feed with this item alone, or with none: what the feed's reader needs to read it.
    FeedDocument withOnly(const QString &item) const;
    // Binds the prefixes of Sparkle's and Freshen's names; CONFIG when one means something else.
    Result<void> bindPrefixes();

    bool operator==(const FeedDocument &) const = default;
};

} // namespace Freshen
