// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/package/packagereader.h"

#include "lib/common/convert.h"
#include "lib/package/packagearchive.h"

#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/text.h"

#include <cstring>

namespace Freshen {

using Platform::EntryType;
using Trust::Manifest;
using Trust::ManifestEntry;

namespace {

namespace fs = std::filesystem;

// Header and padding of an entry, a long name and a long link target with headers of their own.
constexpr quint64 tarOverhead = 10 * 512;
// Zeros after the last entry.
constexpr quint64 tarTail = 64 * 1024;
constexpr quint64 maximumSignatureSize = 64 * 1024;

quint64 tarLimit(quint64 content, quint64 entries)
{
    return content + entries * tarOverhead + tarTail;
}

class Unpacking
{
public:
    Unpacking(PackageArchive &archive, const Manifest &manifest, fs::path root, quint64 &written)
        : m_archive(archive)
        , m_manifest(manifest)
        , m_root(std::move(root))
        , m_written(written)
    {
    }

    Result<void> run(std::string_view manifestText, std::string_view manifestSignature)
    {
        if (auto made = makeFolders(); !made)
            return made;
        for (const ArchiveEntry &entry : m_archive.listing().entries()) {
            if (entry.type != EntryType::File)
                continue;
            const auto written = entry.path == Manifest::fileName ? writeOwn(entry, manifestText)
                : entry.path == Manifest::signatureFileName
                ? writeOwn(entry, manifestSignature)
                : writeListed(entry, *m_manifest.find(entry.path));
            if (!written)
                return written;
        }
        // Links come last: so nothing was written through one.
        if (auto made = makeLinks(); !made)
            return made;
        return setFolderModes();
    }

private:
    Result<void> makeFolders()
    {
        for (const ManifestEntry &entry : m_manifest.entries) {
            if (entry.type != EntryType::Directory)
                continue;
            if (auto made = Platform::makeDirectory(m_root / entry.path, 0700); !made)
                return made;
        }
        return {};
    }

    Result<void> writeListed(const ArchiveEntry &entry, const ManifestEntry &listed)
    {
        auto file = Platform::NewFile::create(m_root / listed.path);
        if (!file)
            return failure(file);
        Trust::Digest digest(Trust::Digest::Kind::Sha256);
        const auto copied = m_archive.read(entry, [&](Platform::Bytes bytes) {
            digest.add(bytes);
            m_written += bytes.size();
            return file->write(bytes);
        });
        if (!copied)
            return copied;
        if (digest.hexResult() != listed.sha256)
            return failure(ErrorCode::MANIFEST, "The content of \"" + Trust::escaped(listed.path)
                               + "\" in the package is not what the signed manifest says.");
        return file->finish(listed.mode);
    }

    // The manifest and its signature are written as they were verified, not as they were packed.
    Result<void> writeOwn(const ArchiveEntry &entry, std::string_view text)
    {
        std::size_t offset = 0;
        const auto compared = m_archive.read(entry, [&](Platform::Bytes bytes) -> Result<void> {
            if (std::memcmp(bytes.data(), text.data() + offset, bytes.size()) != 0)
                return failure(ErrorCode::MANIFEST, "The file " + entry.path
                                   + " in the package is not the one that was verified.");
            offset += bytes.size();
            return {};
        });
        if (!compared)
            return compared;
        auto file = Platform::NewFile::create(m_root / entry.path);
        if (!file)
            return failure(file);
        const auto *data = reinterpret_cast<const std::uint8_t *>(text.data());
        if (auto written = file->write({data, text.size()}); !written)
            return written;
        return file->finish(0644);
    }

    Result<void> makeLinks()
    {
        for (const ManifestEntry &entry : m_manifest.entries) {
            if (entry.type != EntryType::Link)
                continue;
            std::error_code error;
            fs::create_symlink(entry.target, m_root / entry.path, error);
            if (error)
                return tl::unexpected<Error>(
                    Platform::systemError("make the link", m_root / entry.path, error.value()));
        }
        return {};
    }

    // Modes come last and the deepest folders first, for a folder may be closed to writing.
    Result<void> setFolderModes()
    {
        for (auto entry = m_manifest.entries.rbegin(); entry != m_manifest.entries.rend();
             ++entry) {
            if (entry->type != EntryType::Directory)
                continue;
            std::error_code error;
            fs::permissions(m_root / entry->path, fs::perms(entry->mode), error);
            if (error)
                return tl::unexpected<Error>(
                    Platform::systemError("write", m_root / entry->path, error.value()));
        }
        return {};
    }

    PackageArchive &m_archive;
    const Manifest &m_manifest;
    const fs::path m_root;
    quint64 &m_written;
};

tl::unexpected<Error> notFirst(const QString &package)
{
    return failure(ErrorCode::MANIFEST,
                   QStringLiteral("The package %1 does not begin with its manifest and the "
                                  "manifest's signature. Pack it with freshen-appcast pack.")
                       .arg(package));
}

bool isOwnEntry(const ArchiveEntry &entry, std::string_view name, quint64 maximumSize)
{
    return entry.path == name && entry.type == EntryType::File && entry.size <= maximumSize;
}

// Reads on until the audit has seen the header of the next entry, which must be that file.
Result<QByteArray> readNext(TarDevice &device, const ArchiveListing &listing,
                            const QString &package, std::string_view name, quint64 maximumSize)
{
    constexpr qint64 block = 512;
    const std::size_t index = listing.entries().size();
    while (listing.entries().size() == index) {
        if (device.read(block).size() < block)
            return device.status() ? Result<QByteArray>(notFirst(package))
                                   : failure(device.status());
    }
    const ArchiveEntry &entry = listing.entries()[index];
    if (!isOwnEntry(entry, name, maximumSize))
        return notFirst(package);
    const auto size = qsizetype(entry.size);
    QByteArray content = device.read((size + block - 1) / block * block);
    if (!device.status())
        return failure(device.status());
    content.truncate(size);
    return content;
}

Result<PackageManifest> readFromTar(const QString &package,
                                    KCompressionDevice::CompressionType compression)
{
    ArchiveListing listing{std::string()};
    TarAudit audit(listing);
    TarDevice device(package, compression,
                     tarLimit(Manifest::maximumSize + maximumSignatureSize, 2), {});
    device.setAudit(&audit);
    if (!device.open(QIODevice::ReadOnly))
        return failure(device.status());
    const auto text =
        readNext(device, listing, package, Manifest::fileName, Manifest::maximumSize);
    if (!text)
        return failure(text);
    const auto signature = readNext(device, listing, package, Manifest::signatureFileName,
                                    maximumSignatureSize);
    if (!signature)
        return failure(signature);
    return PackageManifest{*text, *signature};
}

Result<PackageManifest> readFromZip(const QString &package)
{
    auto archive = PackageArchive::open(package, {});
    if (!archive)
        return failure(archive);
    const auto &entries = archive->listing().entries();
    if (entries.size() < 2 || !isOwnEntry(entries[0], Manifest::fileName, Manifest::maximumSize)
        || !isOwnEntry(entries[1], Manifest::signatureFileName, maximumSignatureSize))
        return notFirst(package);
    PackageManifest manifest;
    QByteArray *const parts[] = {&manifest.text, &manifest.signature};
    for (int i = 0; i < 2; ++i) {
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

Result<void> unpackPackage(const QString &package, const Manifest &manifest,
                           std::string_view manifestText, std::string_view manifestSignature,
                           const QString &folder,
                           const std::function<bool(quint64 bytes)> &progress)
{
    quint64 written = 0;
    PackageArchive::Limits limits;
    limits.os = manifest.os;
    limits.unpackedSize =
        tarLimit(manifest.totalSize() + manifestText.size() + manifestSignature.size(),
                 manifest.entries.size() + 2);
    limits.keepGoing = [&] { return !progress || progress(written); };
    auto archive = PackageArchive::open(package, limits);
    if (!archive)
        return failure(archive);
    if (auto agreed = archive->listing().requireEntriesOf(manifest, manifestText.size(),
                                                          manifestSignature.size()); !agreed)
        return agreed;
    const fs::path root = toPath(folder);
    if (auto made = Platform::makeDirectory(root); !made)
        return made;
    const auto unpacked = Unpacking(*archive, manifest, root, written)
                              .run(manifestText, manifestSignature);
    if (unpacked)
        return {};
    (void)Platform::removeTree(root);
    // The system's errors name files as the archive does.
    return failure(unpacked.error().code, Trust::escaped(unpacked.error().message));
}

Result<PackageManifest> readPackageManifest(const QString &package)
{
    const auto format = PackageFormat::of(package);
    if (!format)
        return failure(format);
    return format->isZip ? readFromZip(package) : readFromTar(package, format->compression);
}

} // namespace Freshen
