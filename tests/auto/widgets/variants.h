// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QPalette>
#include <QTranslator>

#include <memory>

namespace Freshen {

QPalette lightPalette();
QPalette darkPalette();

// What else a window may have to look good with.
struct Variant {
    const char *name;
    QPalette palette;
    Qt::LayoutDirection direction = Qt::LeftToRight;
    bool isWordy = false; // a language that takes three times as many letters

    // The language lasts as long as what is returned, the rest until another variant is used.
    std::unique_ptr<QTranslator> use() const;
};

QList<Variant> variants();

} // namespace Freshen
