// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/appcast.h"

namespace Freshen {

void AppcastItem::use(const AppcastEnclosure &chosen)
{
    enclosure = chosen;
    version = chosen.version;
    shortVersion = chosen.shortVersion;
    isCritical |= chosen.isCritical;
}

} // namespace Freshen
