// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/package/packagearchive.h"

#include "lib/common/convert.h"
#include "lib/package/zipaudit.h"

#include <KArchiveDirectory>
#include <KArchiveFile>
#include <KTar>
#include <KZip>

#include <QFileInfo>

#include <algorithm>

namespace Freshen {

namespace {

constexpr qint64 blockSize = 128 * 1024;
// KArchive's inflater forgets output that did not fit when its input is used up: a few kilobytes
// at the end of a zip entry. So the last read always has room for them.
constexpr qint64 lastBlockSize = blockSize + 16 * 1024;

struct Ending {
    QLatin1String text;
    PackageFormat format;
};

constexpr Ending endings[] = {
    {QLatin1String(".tar.zst"), {false, KCompressionDevice::Zstd}},
    {QLatin1String(".tar.xz"), {false, KCompressionDevice::Xz}},
    {QLatin1String(".txz"), {false, KCompressionDevice::Xz}},
    {QLatin1String(".tar.gz"), {false, KCompressionDevice::GZip}},
    {QLatin1String(".tgz"), {false, KCompressionDevice::GZip}},
    {QLatin1String(".tar.bz2"), {false, KCompressionDevice::BZip2}},
    {QLatin1String(".tbz2"), {false, KCompressionDevice::BZip2}},
    {QLatin1String(".tar"), {false, KCompressionDevice::None}},
    {QLatin1String(".zip"), {true, KCompressionDevice::None}},
};

const Ending *findEnding(const QString &fileName)
{
    const auto found = std::find_if(std::begin(endings), std::end(endings),
                                    [&](const Ending &ending) {
                                        return fileName.endsWith(ending.text, Qt::CaseInsensitive);
                                    });
    return found == std::end(endings) ? nullptr : found;
}

} // namespace

Result<PackageFormat> PackageFormat::of(const QString &package)
{
    // Not even looked into: reading a pipe could wait for ever.
    if (!QFileInfo(package).isFile())
        return failure(ErrorCode::IO, QStringLiteral("There is no file %1.").arg(package));
    if (const Ending *ending = findEnding(package))
        return ending->format;
    return failure(ErrorCode::ARCHIVE,
                   QStringLiteral("The package %1 is of no known kind: use .tar.zst, .tar.xz, "
                                  ".tar.gz or .zip.")
                       .arg(package));
}

QString PackageFormat::endingOf(const QString &fileName)
{
    const Ending *ending = findEnding(fileName);
    return ending ? QString(ending->text) : QString();
}

PackageArchive::PackageArchive(QString package, const Limits &limits)
    : m_package(std::move(package))
    , m_limits(limits)
    , m_listing(limits.os, limits.mayBeginWithDot)
{
}

Result<PackageArchive> PackageArchive::open(const QString &package, const Limits &limits)
{
    const auto format = PackageFormat::of(package);
    if (!format)
        return failure(format);
    PackageArchive archive(package, limits);
    const auto opened = format->isZip ? archive.openZip() : archive.openTar(format->compression);
    if (!opened)
        return failure(opened);
    return archive;
}

// KTar gets a device, not the file's name: with that it would first unpack everything into the
// folder for temporary files.
Result<void> PackageArchive::openTar(KCompressionDevice::CompressionType compression)
{
    auto device = std::make_unique<TarDevice>(m_package, compression, m_limits.unpackedSize,
                                              m_limits.keepGoing);
    TarAudit audit(m_listing);
    device->setAudit(&audit);
    m_tarDevice = device.get();
    m_device = std::move(device);
    m_archive = std::make_unique<KTar>(m_device.get());
    const bool isOpen = m_archive->open(QIODevice::ReadOnly);
    if (auto audited = m_tarDevice->finishAudit(); !audited)
        return audited;
    return isOpen ? Result<void>() : unreadable();
}

Result<void> PackageArchive::openZip()
{
    m_device = std::make_unique<PackageFile>(m_package);
    if (!m_device->open(QIODevice::ReadOnly))
        return failure(
            ErrorCode::IO,
            QStringLiteral("Cannot read %1: %2.").arg(m_package, m_device->errorString()));
    if (auto audited = auditZip(*m_device, m_listing); !audited)
        return audited;
    m_device->seek(0);
    m_archive = std::make_unique<KZip>(m_device.get());
    return m_archive->open(QIODevice::ReadOnly) ? Result<void>() : unreadable();
}

bool PackageArchive::isExecutable(const ArchiveEntry &file) const
{
    const KArchiveFile *found = m_archive->directory()->file(toQString(file.path));
    return found && (found->permissions() & 0100) != 0;
}

Result<void> PackageArchive::read(const ArchiveEntry &file, const Consumer &consume)
{
    const KArchiveFile *found = m_archive->directory()->file(toQString(file.path));
    if (!found || quint64(found->size()) != file.size)
        return unreadable();
    const std::unique_ptr<QIODevice> content(found->createDevice());
    if (!content)
        return unreadable();
    return readAll(*content, file.size, consume);
}

Result<void> PackageArchive::readAll(QIODevice &content, quint64 size, const Consumer &consume)
{
    QByteArray block(lastBlockSize + 1, Qt::Uninitialized);
    quint64 left = size;
    while (true) {
        // The last block asks for one byte more than there may be.
        const bool isLast = left <= quint64(lastBlockSize);
        const qint64 wanted = isLast ? qint64(left) : blockSize;
        const qint64 count = content.read(block.data(), isLast ? wanted + 1 : wanted);
        if (auto good = status(); !good)
            return good;
        if (count != wanted)
            return unreadable();
        left -= quint64(count);
        const auto taken = consume(toBytes(block).first(std::size_t(count)));
        if (!taken)
            return taken;
        if (m_limits.keepGoing && !m_limits.keepGoing())
            return failure(ErrorCode::CANCELLED, std::string("Unpacking was cancelled."));
        if (isLast)
            return {};
    }
}

tl::unexpected<Error> PackageArchive::unreadable() const
{
    if (auto good = status(); !good)
        return failure(good);
    return failure(ErrorCode::ARCHIVE,
                   QStringLiteral("The package %1 is damaged. Fetch it again.").arg(m_package));
}

Result<void> PackageArchive::status() const
{
    return m_tarDevice ? m_tarDevice->status() : Result<void>();
}

} // namespace Freshen
