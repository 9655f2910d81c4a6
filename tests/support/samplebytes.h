// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QCryptographicHash>
#include <QFile>
#include <QRandomGenerator>

namespace Freshen {

// Four at a time.
inline QByteArray randomBytes(qsizetype size)
{
    QByteArray bytes(size, '\0');
    QRandomGenerator::securelySeeded().fillRange(reinterpret_cast<quint32 *>(bytes.data()),
                                                 size / 4);
    return bytes;
}

inline QString sha256(const QByteArray &bytes)
{
    const auto hash = QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
    return QString::fromLatin1(hash.toHex());
}

// Null where there is no such file.
inline QByteArray contentOf(const QString &name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace Freshen
