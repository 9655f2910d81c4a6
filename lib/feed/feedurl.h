// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QUrl>

namespace Freshen {

// The address that a feed names, resolved against the feed's own. Empty when it is of a kind that
// no feed may name: https and http are fine (whether http is fetched is judged when it is
// fetched); file only in a feed that is a local file, for what lies in its folder or below.
QUrl resolvedFeedUrl(const QString &text, const QUrl &base);

} // namespace Freshen
