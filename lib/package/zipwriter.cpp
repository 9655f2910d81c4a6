// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/package/archivewriter.h"

#include "lib/common/convert.h"

#include <KZip>

#include <limits>

namespace Freshen {

namespace {

using Platform::EntryType;

// KZip writes no Zip64, and keeps sizes in an int.
constexpr std::uint64_t maximumSize = std::numeric_limits<std::int32_t>::max();
constexpr std::size_t maximumEntries = 65'000;
// Kinds of entries as Unix writes them into the mode; KZip adds that of folders.
constexpr mode_t fileMode = 0100000;
constexpr mode_t linkMode = 0120000;

// The format begins in 1980.
QDateTime dosTime(const QDateTime &time)
{
    return std::max(time, QDateTime(QDate(1980, 1, 1), QTime(0, 0), Qt::UTC));
}

class ZipWriter : public ArchiveWriter
{
public:
    ZipWriter(CheckedFile *file, const QDateTime &time)
        : m_zip(file)
        , m_time(dosTime(time))
    {
    }

    // KZip frees the compressor of an entry only when the entry is finished.
    ~ZipWriter() override
    {
        if (m_isInFile)
            m_zip.finishWriting(m_size);
    }

    QString objectionTo(const std::vector<Trust::ManifestEntry> &entries) const override
    {
        std::uint64_t total = 0;
        for (const Trust::ManifestEntry &entry : entries)
            total += entry.size;
        if (total > maximumSize || entries.size() > maximumEntries)
            return QStringLiteral("a zip archive cannot hold more than 2 GiB or 65000 entries");
        return {};
    }

    bool addEntry(const Trust::ManifestEntry &entry) override
    {
        m_size = qint64(entry.size);
        const QString path = toQString(std::string_view(entry.path));
        if (!m_zip.isOpen() && !m_zip.open(QIODevice::WriteOnly))
            return false;
        if (entry.type == EntryType::Directory)
            return m_zip.writeDir(path, {}, {}, entry.mode, m_time, m_time, m_time);
        if (entry.type == EntryType::Link)
            return m_zip.writeSymLink(path, toQString(std::string_view(entry.target)), {}, {},
                                      0777 | linkMode, m_time, m_time, m_time);
        m_isInFile = m_zip.prepareWriting(path, {}, {}, m_size, entry.mode | fileMode, m_time,
                                          m_time, m_time);
        return m_isInFile;
    }

    bool write(Platform::Bytes bytes) override
    {
        // Nothing to write would end the compression.
        if (bytes.empty())
            return true;
        return m_zip.writeData(reinterpret_cast<const char *>(bytes.data()), qint64(bytes.size()));
    }

    bool endFile() override
    {
        m_isInFile = false;
        return m_zip.finishWriting(m_size);
    }
    bool finish() override { return m_zip.close(); }

private:
    KZip m_zip;
    QDateTime m_time;
    qint64 m_size = 0;
    bool m_isInFile = false;
};

} // namespace

std::unique_ptr<ArchiveWriter> createZipWriter(CheckedFile *file, const QDateTime &time)
{
    return std::make_unique<ZipWriter>(file, time);
}

} // namespace Freshen
