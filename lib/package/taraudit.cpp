// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/package/taraudit.h"

#include <algorithm>
#include <limits>

namespace Freshen {

using Platform::EntryType;

namespace {

constexpr quint64 blockSize = 512;
constexpr quint64 maximumLongText = 4096;
constexpr std::string_view longTextName = "././@LongLink";

struct Field {
    std::size_t offset;
    std::size_t size;
};
constexpr Field nameField = {0, 100};
constexpr Field sizeField = {124, 12};
constexpr Field checksumField = {148, 8};
constexpr std::size_t typeOffset = 156;
constexpr Field targetField = {157, 100};
constexpr Field magicField = {257, 5};
constexpr Field prefixField = {345, 155};

tl::unexpected<Error> damaged(std::string_view what)
{
    return failure(ErrorCode::ARCHIVE,
                   "The package is damaged: " + std::string(what) + " Fetch it again.");
}

std::string_view rawField(const std::string &header, Field field)
{
    return std::string_view(header).substr(field.offset, field.size);
}

// Text ends at the first NUL or at the end of the field.
std::string_view textField(const std::string &header, Field field)
{
    const std::string_view raw = rawField(header, field);
    return raw.substr(0, raw.find('\0'));
}

// Octal digits only, with blanks before and blanks or NULs after them.
std::optional<quint64> octalField(const std::string &header, Field field)
{
    std::string_view text = rawField(header, field);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const std::size_t digits = std::min(text.find_first_not_of("01234567"), text.size());
    if (digits == 0
        || text.find_first_not_of(std::string_view(" \0", 2), digits) != std::string_view::npos)
        return {};
    quint64 number = 0;
    for (const char digit : text.substr(0, digits))
        number = number * 8 + quint64(digit - '0');
    return number;
}

bool hasRightChecksum(const std::string &header)
{
    quint64 sum = 0;
    for (std::size_t i = 0; i < header.size(); ++i) {
        const bool isChecksum = i >= checksumField.offset
            && i < checksumField.offset + checksumField.size;
        sum += isChecksum ? quint64(' ') : quint64(quint8(header[i]));
    }
    return octalField(header, checksumField) == sum;
}

bool isZero(std::string_view bytes)
{
    return bytes.find_first_not_of('\0') == std::string_view::npos;
}

quint64 padded(quint64 size)
{
    return (size + blockSize - 1) / blockSize * blockSize;
}

std::string_view kindOf(char type)
{
    switch (type) {
    case '1':
        return "a hard link";
    case '3':
    case '4':
        return "a device";
    case '6':
        return "a named pipe";
    case 'S':
        return "a sparse file";
    case 'x':
    case 'g':
        return "an extended header";
    default:
        return "of an unknown kind";
    }
}

std::string nameIn(const std::string &header)
{
    const std::string_view prefix = textField(header, prefixField);
    const std::string_view name = textField(header, nameField);
    return prefix.empty() ? std::string(name) : std::string(prefix).append("/").append(name);
}

} // namespace

Result<void> TarAudit::add(Platform::Bytes bytes)
{
    while (!bytes.empty()) {
        const std::size_t count = std::size_t(std::min<quint64>(bytes.size(), m_left));
        const std::string_view piece(reinterpret_cast<const char *>(bytes.data()), count);
        if (m_part == Part::End && !isZero(piece))
            return damaged("something follows after its end.");
        if (m_part != Part::End && m_part != Part::Content)
            m_buffer.append(piece);
        bytes = bytes.subspan(count);
        m_left -= count;
        if (m_left == 0) {
            if (auto done = finishPart(); !done)
                return done;
        }
    }
    return {};
}

Result<void> TarAudit::finish() const
{
    const bool isBetweenEntries = m_part == Part::Header && m_buffer.empty() && m_longName.empty()
        && m_longTarget.empty();
    if (m_part != Part::End && !isBetweenEntries)
        return damaged("it is cut short.");
    return {};
}

Result<void> TarAudit::finishPart()
{
    const Part part = m_part;
    std::string &text = part == Part::LongName ? m_longName : m_longTarget;
    Result<void> result;
    expect(Part::Header, blockSize);
    if (part == Part::Header)
        result = readHeader();
    else if (part == Part::LongName || part == Part::LongTarget)
        result = readLongText(text);
    m_buffer.clear();
    return result;
}

// A part without bytes is over at once: the next header follows.
void TarAudit::expect(Part part, quint64 size)
{
    m_part = size == 0 ? Part::Header : part;
    m_left = size == 0 ? blockSize : size;
}

Result<void> TarAudit::readHeader()
{
    if (isZero(m_buffer)) {
        expect(Part::End, std::numeric_limits<quint64>::max());
        return {};
    }
    const std::optional<quint64> size = octalField(m_buffer, sizeField);
    if (rawField(m_buffer, magicField) != "ustar" || !hasRightChecksum(m_buffer) || !size)
        return damaged("it has no tar header where one should be.");
    const char type = m_buffer[typeOffset];
    if (type == 'L' || type == 'K')
        return startLongText(type, *size);
    return addEntry(type, *size);
}

Result<void> TarAudit::startLongText(char type, quint64 size)
{
    const bool isTaken = type == 'L' ? !m_longName.empty() : !m_longTarget.empty();
    if (textField(m_buffer, nameField) != longTextName || isTaken || size < 2
        || size > maximumLongText)
        return damaged("it has a long name that cannot be read.");
    m_longSize = size;
    expect(type == 'L' ? Part::LongName : Part::LongTarget, padded(size));
    return {};
}

// The size counts one NUL, the last byte.
Result<void> TarAudit::readLongText(std::string &text)
{
    text = m_buffer.substr(0, m_longSize);
    if (text.find('\0') != m_longSize - 1)
        return damaged("it has a long name that cannot be read.");
    text.pop_back();
    return {};
}

Result<void> TarAudit::addEntry(char type, quint64 size)
{
    ArchiveEntry entry;
    entry.path = m_longName.empty() ? nameIn(m_buffer) : std::exchange(m_longName, {});
    const std::string target = m_longTarget.empty() ? std::string(textField(m_buffer, targetField))
                                                    : std::exchange(m_longTarget, {});
    if (type == '5') {
        entry.type = EntryType::Directory;
        if (entry.path.ends_with('/'))
            entry.path.pop_back();
    } else if (type == '2') {
        entry.type = EntryType::Link;
        entry.target = target;
    } else if (type != '0' && type != '\0') {
        return forbiddenKind(kindOf(type), entry.path);
    }
    if (entry.type == EntryType::File)
        entry.size = size;
    else if (size != 0)
        return damaged("a folder or link in it has content.");
    expect(Part::Content, padded(size));
    return m_listing.add(std::move(entry));
}

} // namespace Freshen
