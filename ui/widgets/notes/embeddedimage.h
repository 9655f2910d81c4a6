// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QImage>

namespace Freshen {

// The picture inside a "data:" address, at most \a maximumWidth pixels wide; null for every other
// address, and for pictures that are too large or of a kind that can refer to files (SVG).
QImage embeddedImage(const QString &address, int maximumWidth);

} // namespace Freshen
