// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/widgets/variants.h"

#include <QApplication>
#include <QRegularExpression>

namespace Freshen {

namespace {

class WordyLanguage : public QTranslator
{
public:
    WordyLanguage() { QCoreApplication::installTranslator(this); }

    bool isEmpty() const override { return false; }
    QString translate(const char *, const char *source, const char *, int) const override
    {
        QString more = QString::fromUtf8(source);
        more.remove(QRegularExpression(QStringLiteral("&|%[0-9n]")));
        return QString::fromUtf8(source) + QStringLiteral(" ~") + more.repeated(2);
    }
};

} // namespace

QPalette darkPalette()
{
    QPalette palette(QColor(0x2b, 0x2f, 0x34), QColor(0x2b, 0x2f, 0x34));
    palette.setColor(QPalette::Base, QColor(0x1e, 0x21, 0x25));
    palette.setColor(QPalette::Link, QColor(0x6c, 0xb2, 0xff));
    palette.setColor(QPalette::Highlight, QColor(0x2f, 0x6f, 0xb5));
    return palette;
}

QPalette lightPalette()
{
    QPalette palette(QColor(0xef, 0xef, 0xef), QColor(0xef, 0xef, 0xef));
    palette.setColor(QPalette::Link, QColor(0x0b, 0x57, 0xd0));
    palette.setColor(QPalette::Highlight, QColor(0x30, 0x8c, 0xc6));
    return palette;
}

QList<Variant> variants()
{
    return {{"light", lightPalette()},
            {"dark", darkPalette()},
            {"wordy", lightPalette(), Qt::LeftToRight, true},
            {"right-to-left", darkPalette(), Qt::RightToLeft}};
}

std::unique_ptr<QTranslator> Variant::use() const
{
    QApplication::setPalette(palette);
    QApplication::setLayoutDirection(direction);
    return isWordy ? std::make_unique<WordyLanguage>() : nullptr;
}

} // namespace Freshen
