// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// KTar stamps long names with the present time and does not tell when the header of a folder
// could not be written; so the few bytes of a tar header are made here and KArchive compresses.

#include "lib/package/archivewriter.h"

#include <KCompressionDevice>

#include <algorithm>
#include <array>

namespace Freshen {

namespace {

using Platform::EntryType;

constexpr std::size_t blockSize = 512;
constexpr std::uint64_t maximumFileSize = 077777777777; // eleven octal digits
constexpr std::size_t maximumShortText = 100;

// The fields of a header block (POSIX.1-1988, "ustar").
struct Field {
    std::size_t offset;
    std::size_t size;
};
constexpr Field nameField = {0, 100};
constexpr Field modeField = {100, 8};
constexpr Field userField = {108, 8};
constexpr Field groupField = {116, 8};
constexpr Field sizeField = {124, 12};
constexpr Field timeField = {136, 12};
constexpr Field checksumField = {148, 8};
constexpr Field typeField = {156, 1};
constexpr Field targetField = {157, 100};
constexpr Field magicField = {257, 8};

KCompressionDevice::CompressionType compressionOf(const QString &name)
{
    if (name.endsWith(QLatin1String(".zst")))
        return KCompressionDevice::Zstd;
    return name.endsWith(QLatin1String(".xz")) ? KCompressionDevice::Xz : KCompressionDevice::GZip;
}

class TarHeader
{
public:
    TarHeader(char type, std::string_view name, std::uint64_t size)
    {
        put(nameField, name);
        put(typeField, {&type, 1});
        putNumber(userField, 0);
        putNumber(groupField, 0);
        putNumber(sizeField, size);
        put(magicField,
            std::string_view("ustar\0"
                             "00",
                             magicField.size));
    }

    void setMode(std::uint32_t mode) { putNumber(modeField, mode); }
    void setTime(std::uint64_t seconds) { putNumber(timeField, seconds); }
    void setTarget(std::string_view target) { put(targetField, target); }

    Platform::Bytes bytes()
    {
        put(checksumField, "        ");
        std::uint64_t sum = 0;
        for (const std::uint8_t byte : m_block)
            sum += byte;
        putNumber({checksumField.offset, checksumField.size - 1}, sum);
        return m_block;
    }

private:
    void put(Field field, std::string_view text)
    {
        std::copy_n(text.begin(), std::min(text.size(), field.size),
                    m_block.begin() + std::ptrdiff_t(field.offset));
    }
    // Octal digits that fill the field but for its last byte, a NUL.
    void putNumber(Field field, std::uint64_t number)
    {
        m_block[field.offset + field.size - 1] = 0;
        for (std::size_t i = field.size - 1; i-- > 0; number /= 8)
            m_block[field.offset + i] = std::uint8_t('0' + number % 8);
    }

    std::array<std::uint8_t, blockSize> m_block{};
};

class TarWriter : public ArchiveWriter
{
public:
    TarWriter(const QString &name, CheckedFile *file, const QDateTime &time)
        : m_file(file)
        , m_isGzip(compressionOf(name) == KCompressionDevice::GZip)
        , m_time(std::uint64_t(std::max<qint64>(0, time.toSecsSinceEpoch())))
        , m_device(file, false, compressionOf(name))
    {
    }

    QString objectionTo(const std::vector<Trust::ManifestEntry> &entries) const override
    {
        for (const Trust::ManifestEntry &entry : entries) {
            if (entry.size > maximumFileSize)
                return QStringLiteral("a tar archive cannot hold files of 8 GiB or more");
        }
        return {};
    }

    bool addEntry(const Trust::ManifestEntry &entry) override
    {
        m_size = entry.size;
        const bool isLink = entry.type == EntryType::Link;
        const std::string path = entry.path + (entry.type == EntryType::Directory ? "/" : "");
        if (!addLongText('L', path) || (isLink && !addLongText('K', entry.target)))
            return false;
        TarHeader header(typeOf(entry.type), path, entry.size);
        header.setMode(entry.mode);
        header.setTime(m_time);
        if (isLink)
            header.setTarget(entry.target);
        return write(header.bytes());
    }

    bool write(Platform::Bytes bytes) override
    {
        // Nothing to write would end the compression.
        if (bytes.empty())
            return true;
        if (!m_device.isOpen() && !m_device.open(QIODevice::WriteOnly))
            return false;
        const auto *data = reinterpret_cast<const char *>(bytes.data());
        return m_device.write(data, qint64(bytes.size())) == qint64(bytes.size());
    }

    bool endFile() override { return pad(m_size); }

    bool finish() override
    {
        constexpr std::array<std::uint8_t, 2 * blockSize> end{};
        const bool isWritten = write(end);
        m_device.close();
        return isWritten && m_device.error() == QFileDevice::NoError && clearGzipTime();
    }

private:
    static char typeOf(EntryType type)
    {
        if (type == EntryType::Directory)
            return '5';
        return type == EntryType::Link ? '2' : '0';
    }

    // GNU tar's way to give a name or target that does not fit: an entry of its own before.
    bool addLongText(char type, const std::string &text)
    {
        if (text.size() < maximumShortText)
            return true;
        const std::size_t size = text.size() + 1;
        TarHeader header(type, "././@LongLink", size);
        header.setMode(0);
        header.setTime(0);
        const auto *data = reinterpret_cast<const std::uint8_t *>(text.c_str());
        return write(header.bytes()) && write({data, size}) && pad(size);
    }

    bool pad(std::uint64_t size)
    {
        constexpr std::array<std::uint8_t, blockSize> zeros{};
        const std::size_t rest = std::size_t(size % blockSize);
        return rest == 0 || write(Platform::Bytes(zeros).first(blockSize - rest));
    }

    // KArchive puts the present time into the header of a gzip file; zero means none.
    bool clearGzipTime()
    {
        constexpr qint64 timeOffset = 4;
        constexpr std::array<char, 4> zeros{};
        if (!m_isGzip)
            return true;
        return m_file->seek(timeOffset)
            && m_file->write(zeros.data(), zeros.size()) == zeros.size();
    }

    CheckedFile *m_file;
    bool m_isGzip;
    std::uint64_t m_time;
    std::uint64_t m_size = 0;
    KCompressionDevice m_device;
};

} // namespace

std::unique_ptr<ArchiveWriter> createTarWriter(const QString &name, CheckedFile *file,
                                               const QDateTime &time)
{
    return std::make_unique<TarWriter>(name, file, time);
}

} // namespace Freshen
