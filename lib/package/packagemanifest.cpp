// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/package/packagereader.h"

#include "lib/common/convert.h"
#include "lib/package/packagearchive.h"
#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/text.h"

#include <algorithm>

namespace Freshen {

using Platform::EntryType;
using Trust::Manifest;

namespace {

constexpr quint64 maximumSignatureSize = 64 * 1024;

tl::unexpected<Error> notFirst(const QString &package)
{
    return failure(ErrorCode::MANIFEST,
                   QStringLiteral("The package %1 does not begin with its manifest. Pack it with "
                                  "freshen-appcast pack.")
                       .arg(package));
}

bool isOwnEntry(const ArchiveEntry &entry, std::string_view name, quint64 maximumSize)
{
    return entry.path == name && entry.type == EntryType::File && entry.size <= maximumSize;
}

// Reads on until the audit has seen the header of the next entry; nothing if that is another file.
Result<std::optional<QByteArray>> readNext(TarDevice &device, const ArchiveListing &listing,
                            const QString &package, std::string_view name, quint64 maximumSize)
{
    constexpr qint64 block = 512;
    const std::size_t index = listing.entries().size();
    while (listing.entries().size() == index) {
        if (device.read(block).size() < block)
            return device.status() ? notFirst(package) : failure(device.status());
    }
    const ArchiveEntry &entry = listing.entries()[index];
    if (entry.path != name)
        return std::optional<QByteArray>();
    if (!isOwnEntry(entry, name, maximumSize))
        return notFirst(package);
    const auto size = qsizetype(entry.size);
    QByteArray content = device.read((size + block - 1) / block * block);
    if (!device.status())
        return failure(device.status());
    if (content.size() < size)
        return notFirst(package);
    content.truncate(size);
    return content;
}

Result<PackageManifest> readFromTar(const QString &package,
                                    KCompressionDevice::CompressionType compression)
{
    ArchiveListing listing{std::string()};
    TarAudit audit(listing);
    TarDevice device(package, compression,
                     TarDevice::limitFor(Manifest::maximumSize + maximumSignatureSize, 2), {});
    device.setAudit(&audit);
    if (!device.open(QIODevice::ReadOnly))
        return failure(device.status());
    const auto text = readNext(device, listing, package, Manifest::fileName, Manifest::maximumSize);
    if (!text)
        return failure(text);
    if (!*text)
        return notFirst(package);
    const auto signature = readNext(device, listing, package, Manifest::signatureFileName,
                                    maximumSignatureSize);
    if (!signature)
        return failure(signature);
    return PackageManifest{**text, signature->value_or(QByteArray())};
}

Result<PackageManifest> readFromZip(const QString &package)
{
    auto archive = PackageArchive::open(package, {});
    if (!archive)
        return failure(archive);
    const auto &entries = archive->listing().entries();
    if (entries.size() < 2 || !isOwnEntry(entries[0], Manifest::fileName, Manifest::maximumSize))
        return notFirst(package);
    const bool isSigned = entries[1].path == Manifest::signatureFileName;
    if (isSigned && !isOwnEntry(entries[1], Manifest::signatureFileName, maximumSignatureSize))
        return notFirst(package);
    PackageManifest manifest;
    QByteArray *const parts[] = {&manifest.text, &manifest.signature};
    for (int i = 0; i < (isSigned ? 2 : 1); ++i) {
        const auto read = archive->read(entries[i], [&](Platform::Bytes bytes) -> Result<void> {
            parts[i]->append(reinterpret_cast<const char *>(bytes.data()), bytes.size());
            return {};
        });
        if (!read)
            return failure(read);
    }
    return manifest;
}

} // namespace

Result<PackageManifest> readPackageManifest(const QString &package)
{
    const auto format = PackageFormat::of(package);
    if (!format)
        return failure(format);
    return format->isZip ? readFromZip(package) : readFromTar(package, format->compression);
}

Result<QByteArray> readPackageFile(const QString &package, const Manifest &manifest,
                                   std::string_view path)
{
    PackageArchive::Limits limits;
    limits.os = manifest.os;
    limits.unpackedSize = TarDevice::limitFor(
        manifest.totalSize() + Manifest::maximumSize + maximumSignatureSize,
        manifest.entries.size() + 2);
    auto archive = PackageArchive::open(package, limits);
    if (!archive)
        return failure(archive);
    const Trust::ManifestEntry *listed = manifest.find(path);
    const auto &entries = archive->listing().entries();
    const auto entry = std::find_if(entries.begin(), entries.end(),
                                    [&](const ArchiveEntry &one) { return one.path == path; });
    const bool isThere = listed && entry != entries.end() && entry->type == EntryType::File
        && entry->size == listed->size;
    QByteArray content;
    if (isThere) {
        const auto read = archive->read(*entry, [&](Platform::Bytes bytes) -> Result<void> {
            content.append(reinterpret_cast<const char *>(bytes.data()), qsizetype(bytes.size()));
            return {};
        });
        if (!read)
            return failure(read);
    }
    if (!isThere || Trust::sha256Hex(toView(content)) != listed->sha256)
        return failure(ErrorCode::MANIFEST,
                       package.toStdString() + " does not hold the file \"" + Trust::escaped(path)
                           + "\" of its manifest.");
    return content;
}

} // namespace Freshen
