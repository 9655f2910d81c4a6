// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/notes/embeddedimage.h"

#include <QBuffer>
#include <QHash>
#include <QImageReader>

namespace Freshen {

namespace {

constexpr qsizetype longestAddress = 1'000'000;
constexpr int largestSide = 2000;

// The reader for a media type; empty when there is none.
QByteArray imageFormat(const QString &header)
{
    static const QHash<QString, QByteArray> formats = {
        {QStringLiteral("data:image/png;base64"), "png"},
        {QStringLiteral("data:image/jpeg;base64"), "jpeg"},
        {QStringLiteral("data:image/gif;base64"), "gif"},
        {QStringLiteral("data:image/webp;base64"), "webp"},
    };
    return formats.value(header.toLower());
}

} // namespace

QImage embeddedImage(const QString &address, int maximumWidth)
{
    const qsizetype comma = address.left(100).indexOf(u',');
    if (comma < 0 || address.size() > longestAddress)
        return {};
    const QByteArray format = imageFormat(address.left(comma));
    if (format.isEmpty())
        return {};
    QByteArray bytes = QByteArray::fromBase64(address.mid(comma + 1).toLatin1());
    QBuffer buffer(&bytes);
    QImageReader reader(&buffer, format);
    reader.setAutoDetectImageFormat(false);
    const QSize size = reader.size();
    if (size.isEmpty() || size.width() > largestSide || size.height() > largestSide)
        return {};
    const QImage image = reader.read();
    if (image.width() <= maximumWidth)
        return image;
    return image.scaledToWidth(maximumWidth, Qt::SmoothTransformation);
}

} // namespace Freshen
