// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/common/filename.h"

#include <QCryptographicHash>
#include <QUrl>

namespace Freshen {

namespace {

constexpr qsizetype maximumName = 120;

} // namespace

QString fileNamePart(const QString &text)
{
    const QByteArray name = QUrl::toPercentEncoding(text);
    if (name.size() <= maximumName)
        return QString::fromLatin1(name);
    return QString::fromLatin1(
        QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha256).toHex());
}

} // namespace Freshen
