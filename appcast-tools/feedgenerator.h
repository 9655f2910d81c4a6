// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "appcast-tools/publisher.h"
#include "appcast-tools/newitem.h"

namespace Freshen {

// What a publisher asked for.
struct FeedRequest {
    QString folder; // its packages go into its appcast.xml
    QString previous; // the feed that was published last; empty: none is named
    ItemWishes wishes;
    qint64 validSeconds = 0;
    std::optional<int> maximumVersions;
};

// Puts the packages of the folder into its feed and signs it. Items that are there already stay
// as they are; a feed in which nothing changes is left alone.
Result<Answer> generateFeed(const FeedRequest &request, const SecretKey &key);

} // namespace Freshen
