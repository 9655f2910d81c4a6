// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/package/packagereader.h"

#include "lib/common/convert.h"
#include "lib/package/treewriter.h"

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
    Unpacking(PackageArchive &archive, const Manifest &manifest, const fs::path &root,
              quint64 &written)
        : m_archive(archive)
        , m_manifest(manifest)
        , m_root(root)
        , m_tree(archive, root, written)
    {
    }

    Result<void> run(std::string_view manifestText, std::string_view manifestSignature)
    {
        if (auto made = m_tree.makeFolders(m_manifest.entries); !made)
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
        if (auto made = m_tree.makeLinks(m_manifest.entries); !made)
            return made;
        return m_tree.setFolderModes(m_manifest.entries);
    }

private:
    Result<void> writeListed(const ArchiveEntry &entry, const ManifestEntry &listed)
    {
        const auto sha256 = m_tree.writeFile(entry, listed);
        if (!sha256)
            return failure(sha256);
        if (*sha256 != listed.sha256)
            return failure(ErrorCode::MANIFEST,
                           "The content of \"" + Trust::escaped(listed.path)
                               + "\" in the package is not what the signed manifest says.");
        return {};
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
        return compared ? writeNewFile(m_root / entry.path, text) : compared;
    }

    PackageArchive &m_archive;
    const Manifest &m_manifest;
    const fs::path &m_root;
    TreeWriter m_tree;
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
