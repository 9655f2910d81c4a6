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
            const bool isManifest = entry.path == Manifest::fileName;
            const bool isOwn = isManifest || entry.path == Manifest::signatureFileName;
            const auto written = isOwn
                ? writeOwn(entry, isManifest ? manifestText : manifestSignature)
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
            return failure(ErrorCode::MANIFEST,
                           "The content of \"" + Trust::escaped(listed.path)
                               + "\" in the package is not what the signed manifest says.");
        return file->finish(listed.mode);
    }

    // The manifest and its signature are written as they were verified, not as they were packed.
    Result<void> writeOwn(const ArchiveEntry &entry, std::string_view text)
    {
        std::size_t offset = 0;
        const auto compared = m_archive.read(entry, [&](Platform::Bytes bytes) -> Result<void> {
            if (std::memcmp(bytes.data(), text.data() + offset, bytes.size()) != 0)
                return failure(ErrorCode::MANIFEST,
                               "The file " + entry.path
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

} // namespace

Result<void> unpackPackage(const QString &package, const Manifest &manifest,
                           std::string_view manifestText, std::string_view manifestSignature,
                           const QString &folder,
                           const std::function<bool(quint64 bytes)> &progress)
{
    quint64 written = 0;
    PackageArchive::Limits limits;
    limits.os = manifest.os;
    limits.unpackedSize = TarDevice::limitFor(manifest.totalSize() + manifestText.size()
                                                  + manifestSignature.size(),
                                              manifest.entries.size() + 2);
    limits.keepGoing = [&] { return !progress || progress(written); };
    auto archive = PackageArchive::open(package, limits);
    if (!archive)
        return failure(archive);
    if (auto agreed = archive->listing().requireEntriesOf(manifest, manifestText.size(),
                                                          manifestSignature.size());
        !agreed)
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

} // namespace Freshen
