// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/feed/appcast.h"

namespace Freshen {

// So many mirrors of an item count.
constexpr qsizetype maximumMirrors = 16;

// Where to ask for a file of the item, the best first: at its own address, then at the item's
// mirrors, where all files of a release lie beside its package.
QList<QUrl> addressesOf(const AppcastItem &item, const QUrl &file);

} // namespace Freshen
