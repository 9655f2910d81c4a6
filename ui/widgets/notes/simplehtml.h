// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Qt's HTML reader follows whatever a page says: it looks for style sheets and background pictures,
// and takes minutes for, or dies of, elements that are nested a few thousand deep. So pages of
// others are first rewritten to the few elements that notes are made of.

#pragma once

#include <QString>

namespace Freshen {

// The same notes as well-formed HTML: headings, paragraphs, lists, tables, emphasis, code, links
// and pictures inside the notes, with no attributes but href and src, nested only so deep.
// Scripts, styles, frames and the like go together with their content, other elements without it.
// Colours and fonts are thus the person's. Ends, properly closed, when about \a maximum characters
// were written (pictures not counted).
QString simpleHtml(const QString &html, qsizetype maximum);

} // namespace Freshen
