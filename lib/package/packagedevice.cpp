// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/package/packagedevice.h"

#include "lib/common/convert.h"

#include <algorithm>

namespace Freshen {

namespace {

constexpr qint64 skipBlock = 64 * 1024;
// Header and padding of an entry, a long name and a long link target with headers of their own.
constexpr quint64 entryOverhead = 10 * 512;
// Zeros after the last entry.
constexpr quint64 tail = 64 * 1024;

} // namespace

qint64 PackageFile::readData(char *data, qint64 maximum)
{
    const qint64 count = QFile::readData(data, maximum);
    m_hasFailed = m_hasFailed || count < 0;
    return std::max<qint64>(count, 0);
}

quint64 TarDevice::limitFor(quint64 content, quint64 entries)
{
    return content + entries * entryOverhead + tail;
}

TarDevice::TarDevice(QString file, KCompressionDevice::CompressionType compression, quint64 limit,
                     std::function<bool()> keepGoing)
    : m_fileName(std::move(file))
    , m_compression(compression)
    , m_limit(limit)
    , m_keepGoing(std::move(keepGoing))
{
}

// Unbuffered, so that the position is always that of the next byte.
bool TarDevice::open(OpenMode mode)
{
    return mode == ReadOnly && start() && QIODevice::open(mode | Unbuffered);
}

bool TarDevice::start()
{
    m_decompressor.reset();
    m_file = std::make_unique<PackageFile>(m_fileName);
    m_decompressor = std::make_unique<KCompressionDevice>(m_file.get(), false, m_compression);
    m_position = 0;
    if (m_decompressor->open(ReadOnly))
        return true;
    m_status = failure(
        ErrorCode::IO,
        QStringLiteral("Cannot read %1: %2.").arg(m_fileName, m_file->errorString()));
    return false;
}

bool TarDevice::seek(qint64 position)
{
    if (!m_status || position < 0 || (position < m_position && (m_audit || !start())))
        return false;
    return skipTo(position) && QIODevice::seek(position);
}

bool TarDevice::skipTo(qint64 position)
{
    QByteArray buffer(std::min(skipBlock, position - m_position), Qt::Uninitialized);
    while (m_position < position) {
        if (readData(buffer.data(), std::min<qint64>(buffer.size(), position - m_position)) <= 0)
            return false;
    }
    return true;
}

Result<void> TarDevice::finishAudit()
{
    QByteArray buffer(skipBlock, Qt::Uninitialized);
    while (readData(buffer.data(), buffer.size()) > 0) {}
    if (m_status)
        m_status = m_audit->finish();
    m_audit = nullptr;
    return m_status;
}

qint64 TarDevice::readData(char *data, qint64 maximum)
{
    if (!m_status)
        return -1;
    const qint64 count = std::max<qint64>(m_decompressor->read(data, maximum), 0);
    m_position += count;
    m_status = check(data, count, count < maximum);
    return m_status ? count : -1;
}

Result<void> TarDevice::check(const char *data, qint64 count, bool isShort)
{
    if (m_keepGoing && !m_keepGoing())
        return failure(ErrorCode::CANCELLED, std::string("Unpacking was cancelled."));
    if (m_file->hasFailed())
        return failure(
            ErrorCode::IO,
            QStringLiteral("Cannot read %1: %2.").arg(m_fileName, m_file->errorString()));
    if (isShort && !m_decompressor->atEnd())
        return failure(ErrorCode::ARCHIVE,
                       QStringLiteral("The package %1 is damaged or cut short. Fetch it again.")
                           .arg(m_fileName));
    if (quint64(m_position) > m_limit)
        return failure(ErrorCode::SIZE,
                       QStringLiteral("The package %1 unpacks to more than its manifest lists, or "
                                      "than is accepted without one.")
                           .arg(m_fileName));
    const Platform::Bytes bytes(reinterpret_cast<const std::uint8_t *>(data), std::size_t(count));
    return m_audit ? m_audit->add(bytes) : Result<void>();
}

} // namespace Freshen
