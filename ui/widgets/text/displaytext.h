// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Text that others wrote, made fit for a window.

#pragma once

#include <QString>

namespace Freshen {

// Whether a character is none that people see, but one that steers: control characters, and those
// that turn the direction of the text around it.
bool isSteeringCharacter(QChar character);

// One line without steering characters, cut after \a maximum characters.
QString displayText(const QString &text, qsizetype maximum);

// The same text with places where a label may break words that are too long for a line. For labels
// that cannot be copied from.
QString breakable(const QString &text);

// A version, cut where no honest one ends.
QString displayVersion(const QString &version);

// "12.4 MB", as download pages and file managers count.
QString displaySize(qint64 bytes);

} // namespace Freshen
