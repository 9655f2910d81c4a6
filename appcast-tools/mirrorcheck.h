// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/feed/appcast.h"
#include "lib/transfer/urlpolicy.h"

namespace Freshen {

// Why mirrors of the item are of less use than they could be, as ends of sentences.
QList<Error> mirrorObjections(const AppcastItem &item, const UrlPolicy &policy);

} // namespace Freshen
