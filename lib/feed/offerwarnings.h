// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/feed/appcast.h"
#include "lib/transfer/urlpolicy.h"

namespace Freshen {

// Why an item that is offered cannot be installed as the feed has it; for people who look at a
// feed. One that goes over plain http begins with "HTTP_URL".
QStringList offerWarnings(const AppcastItem &item, const UrlPolicy &policy);

} // namespace Freshen
