// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Which installs see an item that is rolled out to a share of them. Nobody keeps a list: every
// client works out its own place, always the same one for one release.

#pragma once

#include "lib/feed/appcast.h"
#include "lib/feed/feedxml.h"

namespace Freshen {

// The attributes of <freshen:rollout>. An error is why they cannot be used, as the end of a
// sentence about the item.
tl::expected<AppcastRollout, QString> parseRollout(const FeedXml::Attributes &attributes);

// The place of an install among all, in [0, 1), spread evenly and anew with each salt: the first
// 8 bytes of SHA-256 over the id, a newline and the salt. It sees the item when this is below the
// share.
double rolloutPosition(const QString &installId, const QString &salt);
// The share of all installs that see the item now, in [0, 1].
double rolloutShare(const AppcastRollout &rollout, const QDateTime &now);

} // namespace Freshen
