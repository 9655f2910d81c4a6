// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

namespace Freshen {

// Any text (a product, an address) as part of a file name on any system; the same for the same.
QString fileNamePart(const QString &text);

} // namespace Freshen
