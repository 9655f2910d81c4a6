// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/tarbuilder.h"

#include <QBuffer>

namespace {

constexpr qsizetype blockSize = 512;

QByteArray padded(QByteArray bytes)
{
    const qsizetype rest = bytes.size() % blockSize;
    return rest == 0 ? bytes : bytes.append(blockSize - rest, '\0');
}

QByteArray octal(qulonglong number, int digits)
{
    return QByteArray::number(number, 8).rightJustified(digits, '0');
}

QByteArray header(const TarEntry &entry)
{
    QByteArray bytes(blockSize, '\0');
    const auto put = [&](qsizetype offset, const QByteArray &text, qsizetype size) {
        bytes.replace(offset, std::min(size, text.size()), text.left(size));
    };
    put(0, entry.name, 100);
    put(100, octal(qulonglong(entry.mode), 7), 8);
    put(108, octal(12345, 7), 8); // somebody's user and group, which nobody should take over
    put(116, octal(12345, 7), 8);
    put(124,
        entry.sizeField.isEmpty() ? octal(qulonglong(entry.content.size()), 11) : entry.sizeField,
        12);
    put(136, octal(1'700'000'000, 11), 12);
    put(148, QByteArray(8, ' '), 8);
    bytes[156] = entry.type;
    put(157, entry.target, 100);
    put(257, entry.magic, 8);
    put(345, entry.prefix, 155);
    qulonglong sum = entry.hasGoodChecksum ? 0 : 1;
    for (const char byte : std::as_const(bytes))
        sum += uchar(byte);
    put(148, octal(sum, 6) + QByteArray("\0 ", 2), 8);
    return bytes;
}

QByteArray longText(char type, const QByteArray &text)
{
    TarEntry entry;
    entry.name = "././@LongLink";
    entry.type = type;
    entry.content = text + '\0';
    return header(entry) + padded(entry.content);
}

} // namespace

QByteArray tarBytes(const TarEntry &entry)
{
    QByteArray bytes;
    if (entry.target.size() > 99)
        bytes += longText('K', entry.target);
    if (entry.name.size() > 99)
        bytes += longText('L', entry.name);
    return bytes + header(entry) + padded(entry.content);
}

QByteArray makeTar(const QList<TarEntry> &entries)
{
    QByteArray bytes;
    for (const TarEntry &entry : entries)
        bytes += tarBytes(entry);
    return bytes.append(2 * blockSize, '\0');
}

QByteArray compressed(const QByteArray &bytes, KCompressionDevice::CompressionType type)
{
    QBuffer buffer;
    KCompressionDevice device(&buffer, false, type);
    device.open(QIODevice::WriteOnly);
    device.write(bytes);
    device.close();
    return buffer.data();
}
