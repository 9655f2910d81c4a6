// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Tar archives made byte by byte, honest or not.

#pragma once

#include <KCompressionDevice>

#include <QByteArray>
#include <QList>

struct TarEntry {
    QByteArray name;
    char type = '0'; // '0' file, '5' folder, '2' symbolic link, '1' hard link, …
    QByteArray content;
    QByteArray target;
    int mode = 0644;
    QByteArray sizeField; // instead of the content's size
    QByteArray prefix;
    QByteArray magic = QByteArray("ustar\00000", 8);
    bool hasGoodChecksum = true;
};

// Header and content, both padded; names and targets above 99 bytes get a header of their own, as
// GNU tar writes them.
QByteArray tarBytes(const TarEntry &entry);
// All entries and the end of the archive.
QByteArray makeTar(const QList<TarEntry> &entries);

QByteArray compressed(const QByteArray &bytes, KCompressionDevice::CompressionType type);
