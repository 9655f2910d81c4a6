// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/mirrors.h"

namespace Freshen {

namespace {

// The name of `file` in the folder of `place`.
QUrl beside(const QUrl &place, const QUrl &file)
{
    const QString path = place.path(QUrl::FullyEncoded);
    const QString folder = path.left(path.lastIndexOf(QLatin1Char('/')));
    QUrl url = place;
    url.setPath(folder + QLatin1Char('/') + file.fileName(QUrl::FullyEncoded), QUrl::TolerantMode);
    return url;
}

} // namespace

QList<QUrl> addressesOf(const AppcastItem &item, const QUrl &file)
{
    const bool isPackage = item.enclosure && item.enclosure->url == file;
    QList<QUrl> addresses{file};
    for (const QUrl &mirror : item.mirrors) {
        const bool isFolder = mirror.fileName().isEmpty();
        const QUrl address = isPackage && !isFolder ? mirror : beside(mirror, file);
        if (!addresses.contains(address))
            addresses.append(address);
    }
    return addresses;
}

} // namespace Freshen
