// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "appcast-tools/newitem.h"

namespace Freshen {

// What a publisher asked for.
struct FeedRequest {
    QString folder; // its packages go into its appcast.xml
    QString previous; // the feed that was published last; empty: none is named
    ItemWishes wishes;
    qint64 validSeconds = 0;
    std::optional<int> maximumVersions;
    QString supportedFrom; // versions before need no way to what is published; empty: all do
    bool isForced = false; // publishes even so
};

// Puts the packages of the folder into its feed and signs it. Items that are there already stay
// as they are; a feed in which nothing changes is left alone.
Result<Answer> generateFeed(const FeedRequest &request, const SigningKeys &keys,
                            const SigningAuthority &authority);

} // namespace Freshen
