// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/feed/appcast.h"
#include "platform/result.h"

namespace Freshen {

// Where the packages of one product are downloaded to, in the user's cache folder. It holds one
// download at a time: a broken one stays until it is continued, gives way to another, or was not
// continued for two weeks. The functions that work on the disk are slow: not in a GUI thread.
class DownloadFolder
{
public:
    explicit DownloadFolder(const QString &product);

    const QString &path() const { return m_path; }
    // Where the item's package is fetched to.
    QString file(const AppcastItem &item) const;

    // Makes the folder, and removes all that is not of the download of this file.
    Result<void> keepOnly(const QString &file) const;
    // What the download of this file has of the disk already, in bytes.
    quint64 occupied(const QString &file) const;
    Result<void> remove() const;

    // Removes what nobody continued for so long, of any product.
    static void removeForgotten();

private:
    QStringList entries() const;

    QString m_path;
};

} // namespace Freshen
