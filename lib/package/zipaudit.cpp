// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/package/zipaudit.h"

#include "lib/common/convert.h"

#include <QIODevice>
#include <QtEndian>

namespace Freshen {

using Platform::EntryType;

namespace {

constexpr qint64 endRecordSize = 22;
constexpr qint64 centralHeaderSize = 46;
constexpr qint64 localHeaderSize = 30;
constexpr qint64 maximumDirectorySize = 64 << 20;
constexpr quint32 zip64Mark = 0xffffffff;
// How hard the compressor tried (bits 1 and 2), and names in UTF-8 (bit 11).
constexpr quint16 harmlessFlags = 0x0806;
constexpr quint16 stored = 0;
constexpr quint16 deflated = 8;
constexpr quint8 madeByUnix = 3;
constexpr quint32 kindMask = 0170000;
constexpr qint64 maximumTarget = 4095;

template<typename T>
T number(QByteArrayView bytes, qint64 offset)
{
    return qFromLittleEndian<T>(bytes.data() + offset);
}

tl::unexpected<Error> damaged(std::string_view what)
{
    return failure(ErrorCode::ARCHIVE, "The package cannot be used: " + std::string(what) + ".");
}

struct EndRecord {
    quint16 count = 0;
    qint64 directorySize = 0;
    qint64 directoryOffset = 0;
};

// What the central and the local header of an entry both say.
struct Header {
    quint16 flags = 0;
    quint16 method = 0;
    quint32 checksum = 0;
    quint32 packedSize = 0;
    quint32 size = 0;
    QByteArray name;

    bool operator==(const Header &) const = default;
};

// The six numbers stand in the same order in both, from `offset` on.
Header readHeader(QByteArrayView bytes, qint64 offset)
{
    Header header;
    header.flags = number<quint16>(bytes, offset);
    header.method = number<quint16>(bytes, offset + 2);
    header.checksum = number<quint32>(bytes, offset + 8);
    header.packedSize = number<quint32>(bytes, offset + 12);
    header.size = number<quint32>(bytes, offset + 16);
    return header;
}

struct CentralEntry {
    Header header;
    quint32 kind = 0; // the file type of a Unix mode; 0 when there is none
    qint64 localOffset = 0;
    qint64 length = 0; // of the whole central header
};

Result<EndRecord> readEndRecord(QIODevice &file)
{
    const qint64 position = file.size() - endRecordSize;
    file.seek(std::max<qint64>(position, 0));
    const QByteArray bytes = file.read(endRecordSize);
    if (bytes.size() < endRecordSize || !bytes.startsWith("PK\5\6"))
        return damaged("it is not a zip archive, or is cut short, or something follows its end");
    EndRecord end;
    end.count = number<quint16>(bytes, 10);
    end.directorySize = number<quint32>(bytes, 12);
    end.directoryOffset = number<quint32>(bytes, 16);
    const bool isSplit = number<quint32>(bytes, 4) != 0 || number<quint16>(bytes, 8) != end.count;
    if (isSplit)
        return damaged("it is one part of several");
    if (end.directoryOffset + end.directorySize != position
        || end.directorySize > maximumDirectorySize)
        return damaged("its table of contents is not where it should be");
    return end;
}

Result<CentralEntry> readCentralEntry(QByteArrayView bytes)
{
    if (bytes.size() < centralHeaderSize || !bytes.startsWith("PK\1\2"))
        return damaged("its table of contents is damaged");
    CentralEntry entry;
    entry.header = readHeader(bytes, 8);
    entry.localOffset = number<quint32>(bytes, 42);
    const qint64 nameLength = number<quint16>(bytes, 28);
    entry.length = centralHeaderSize + nameLength + number<quint16>(bytes, 30)
        + number<quint16>(bytes, 32);
    if (bytes.size() < entry.length)
        return damaged("its table of contents is damaged");
    entry.header.name = bytes.sliced(centralHeaderSize, nameLength).toByteArray();
    if (number<quint8>(bytes, 5) == madeByUnix)
        entry.kind = (number<quint32>(bytes, 38) >> 16) & kindMask;
    if (number<quint16>(bytes, 34) != 0)
        return damaged("it is one part of several");
    return entry;
}

Result<void> checkHeader(const Header &header)
{
    if (header.flags & 0x2041)
        return damaged("it is encrypted");
    if (header.flags & ~harmlessFlags)
        return damaged("an entry does not say its size, or is of an unknown kind");
    if (header.method != stored && header.method != deflated)
        return damaged("an entry is compressed in an unknown way");
    if (header.packedSize == zip64Mark || header.size == zip64Mark)
        return damaged("an entry is larger than 4 GiB, which zip packages may not have");
    if (header.method == stored && header.packedSize != header.size)
        return damaged("the sizes of an entry do not agree");
    return {};
}

// Where the content of the entry begins.
Result<qint64> checkLocalHeader(QIODevice &file, const CentralEntry &entry)
{
    file.seek(entry.localOffset);
    const QByteArray bytes = file.read(localHeaderSize);
    if (bytes.size() < localHeaderSize || !bytes.startsWith("PK\3\4"))
        return damaged("the header of an entry is not where it should be");
    Header local = readHeader(bytes, 6);
    local.name = file.read(number<quint16>(bytes, 26));
    if (local != entry.header)
        return damaged("the two headers of an entry do not agree");
    return entry.localOffset + localHeaderSize + local.name.size() + number<quint16>(bytes, 28);
}

Result<EntryType> typeOf(const CentralEntry &entry, std::string_view path)
{
    const bool looksLikeFolder = path.ends_with('/');
    switch (entry.kind) {
    case 0:
        return looksLikeFolder ? EntryType::Directory : EntryType::File;
    case 0100000:
        return EntryType::File;
    case 0040000:
        if (looksLikeFolder)
            return EntryType::Directory;
        return damaged("a folder's name does not end with '/'");
    case 0120000:
        return EntryType::Link;
    case 0010000:
        return forbiddenKind("a named pipe", path);
    case 0020000:
    case 0060000:
        return forbiddenKind("a device", path);
    default:
        return forbiddenKind("of an unknown kind", path);
    }
}

Result<std::string> readTarget(QIODevice &file, const Header &header, qint64 offset)
{
    if (header.method != stored || header.size > maximumTarget)
        return damaged("the target of a link cannot be read");
    file.seek(offset);
    const QByteArray target = file.read(header.size);
    if (target.size() < qint64(header.size))
        return damaged("the target of a link cannot be read");
    return target.toStdString();
}

Result<ArchiveEntry> toEntry(QIODevice &file, const CentralEntry &central, qint64 offset)
{
    ArchiveEntry entry;
    entry.path = central.header.name.toStdString();
    const auto type = typeOf(central, entry.path);
    if (!type)
        return failure(type);
    entry.type = *type;
    if (entry.type == EntryType::File) {
        entry.size = central.header.size;
    } else if (entry.type == EntryType::Directory) {
        entry.path.pop_back();
        if (central.header.size != 0)
            return damaged("a folder in it has content");
    } else {
        const auto target = readTarget(file, central.header, offset);
        if (!target)
            return failure(target);
        entry.target = *target;
    }
    return entry;
}

// Lists one entry, which must begin at `begin`; returns where it ends.
Result<qint64> addEntry(QIODevice &file, const CentralEntry &central, qint64 begin,
                        ArchiveListing &listing)
{
    if (auto checked = checkHeader(central.header); !checked)
        return failure(checked);
    if (central.localOffset != begin)
        return damaged("its entries overlap or have gaps");
    const auto content = checkLocalHeader(file, central);
    if (!content)
        return failure(content);
    const auto entry = toEntry(file, central, *content);
    if (!entry)
        return failure(entry);
    if (auto added = listing.add(*entry); !added)
        return failure(added);
    return *content + central.header.packedSize;
}

} // namespace

Result<void> auditZip(QIODevice &file, ArchiveListing &listing)
{
    const auto end = readEndRecord(file);
    if (!end)
        return failure(end);
    file.seek(end->directoryOffset);
    const QByteArray directory = file.read(end->directorySize);
    QByteArrayView rest(directory);
    qint64 position = 0;
    for (quint16 i = 0; i < end->count; ++i) {
        const auto central = readCentralEntry(rest);
        if (!central)
            return failure(central);
        const auto next = addEntry(file, *central, position, listing);
        if (!next)
            return failure(next);
        position = *next;
        rest = rest.sliced(central->length);
    }
    if (position != end->directoryOffset || !rest.isEmpty())
        return damaged("its table of contents does not list everything in it");
    return {};
}

} // namespace Freshen
