// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QUrl>

namespace Freshen {

// Whether an address from a feed may be opened: http and https with a host, nothing else.
bool isWebLink(const QUrl &url);

// Opens it in the person's browser; does nothing when it may not be opened.
void openWebLink(const QUrl &url);

} // namespace Freshen
