// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/zipbuilder.h"

#include <QtEndian>

namespace {

QByteArray u16(quint32 number)
{
    QByteArray bytes(2, '\0');
    qToLittleEndian(quint16(number), bytes.data());
    return bytes;
}

QByteArray u32(quint32 number)
{
    QByteArray bytes(4, '\0');
    qToLittleEndian(number, bytes.data());
    return bytes;
}

quint32 crc32(const QByteArray &bytes)
{
    quint32 crc = ~0u;
    for (const char byte : bytes) {
        crc ^= uchar(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1) ? 0xedb88320u : 0u);
    }
    return ~crc;
}

// Qt's compressed form without its length, the zlib header and the checksum.
QByteArray deflated(const QByteArray &bytes)
{
    const QByteArray zlib = qCompress(bytes.isEmpty() ? QByteArray("") : bytes);
    return bytes.isEmpty() ? QByteArray("\3\0", 2) : zlib.mid(6, zlib.size() - 10);
}

QByteArray packed(const ZipEntry &entry)
{
    return entry.isDeflated ? deflated(entry.content) : entry.content;
}

// The part that both headers have in common, in the same order.
QByteArray commonPart(const ZipHeader &header)
{
    constexpr quint32 date = 0x5765; // 2023-11-05
    return u16(header.flags) + u16(header.method) + u16(0) + u16(date) + u32(header.checksum)
        + u32(header.packedSize) + u32(header.size) + u16(quint32(header.name.size()))
        + u16(quint32(header.extra.size()));
}

} // namespace

ZipHeader zipHeaderOf(const ZipEntry &entry)
{
    ZipHeader header;
    header.name = entry.name;
    header.method = entry.isDeflated ? 8 : 0;
    header.checksum = crc32(entry.content);
    header.packedSize = quint32(packed(entry).size());
    header.size = quint32(entry.content.size());
    return header;
}

QByteArray makeZip(const QList<ZipEntry> &entries)
{
    QByteArray bytes;
    QByteArray directory;
    quint32 count = 0;
    for (const ZipEntry &entry : entries) {
        const ZipHeader honest = zipHeaderOf(entry);
        const ZipHeader local = entry.local.value_or(honest);
        const ZipHeader central = entry.central.value_or(honest);
        const quint32 offset = entry.localOffset.value_or(quint32(bytes.size()));
        bytes += "PK\3\4" + u16(20) + commonPart(local) + local.name + local.extra + packed(entry);
        if (entry.isHidden)
            continue;
        ++count;
        directory += "PK\1\2" + u16(20u | quint32(entry.madeBy) << 8) + u16(20)
            + commonPart(central) + u16(0) + u16(entry.disk) + u16(0) + u32(entry.mode << 16)
            + u32(offset) + central.name + central.extra;
    }
    const auto begin = quint32(bytes.size());
    return bytes + directory + "PK\5\6" + u32(0) + u16(count) + u16(count)
        + u32(quint32(directory.size())) + u32(begin) + u16(0);
}
