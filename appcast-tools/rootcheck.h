// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/feed/appcast.h"
#include "platform/result.h"
#include "updater-helper/trust/root.h"

#include <QByteArray>

namespace Freshen {

struct RootObjection {
    bool isError = true; // else a warning
    Error error;
};

// What is wrong with the roots beside a feed, or with the feed under them; `now` is the time.
QList<RootObjection> rootObjections(const std::vector<Trust::SignedRoot> &chain,
                                    const QByteArray &feed, const std::optional<FeedStamp> &stamp,
                                    const QDateTime &now);

} // namespace Freshen
