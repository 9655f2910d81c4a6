// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Zip archives made byte by byte, honest or not.

#pragma once

#include <QByteArray>
#include <QList>

#include <optional>

// What one of the two headers of an entry says.
struct ZipHeader {
    QByteArray name;
    quint16 flags = 0;
    quint16 method = 0;
    quint32 checksum = 0;
    quint32 packedSize = 0;
    quint32 size = 0;
    QByteArray extra;
};

struct ZipEntry {
    QByteArray name;
    QByteArray content;
    bool isDeflated = true;
    quint32 mode = 0100644; // with the file type: 0040755 folder, 0120777 symbolic link
    quint8 madeBy = 3; // Unix
    std::optional<ZipHeader> local; // what only the local header says
    std::optional<ZipHeader> central; // what only the central header says
    std::optional<quint32> localOffset; // where the central header says the local one is
    quint16 disk = 0;
    bool isHidden = false; // not in the central directory
};

// What both headers say of an honest entry.
ZipHeader zipHeaderOf(const ZipEntry &entry);

QByteArray makeZip(const QList<ZipEntry> &entries);
