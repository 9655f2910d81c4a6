// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/package/packagewriter.h"

#include "lib/common/convert.h"
#include "lib/package/archivewriter.h"
#include "lib/package/packcheck.h"
#include "lib/package/sourcedate.h"
#include "lib/signing/secretsearch.h"
#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/namepolicy.h"
#include "updater-helper/trust/text.h"

#include <QFileInfo>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;
using Platform::EntryType;
using Trust::Manifest;
using Trust::ManifestEntry;

namespace {

tl::unexpected<Error> refusedEntry(std::string_view path, std::string_view objection)
{
    return failure(ErrorCode::ARCHIVE_NAME,
                   '"' + Trust::escaped(path) + "\" cannot be packed: it " + std::string(objection)
                       + ".");
}

// Everything of one package, step by step.
class Packer
{
public:
    Packer(const PackRequest &request, const SecretKey &key)
        : m_request(request)
        , m_key(key)
        , m_secrets({&key})
        , m_tree(toPath(QFileInfo(request.tree).canonicalFilePath()))
        , m_root(QFileInfo(request.tree).isDir() ? m_tree : m_tree.parent_path())
        , m_json(request.description.toJson())
    {
    }

    Result<void> run()
    {
        if (auto listed = listEntries(); !listed)
            return listed;
        if (auto made = makeManifest(); !made)
            return made;
        const QString temporary = m_request.package + u".part"_s;
        auto result = writeArchive(temporary);
        if (result)
            result = publish(temporary);
        if (!result)
            QFile::remove(temporary);
        return result;
    }

private:
    static bool isOurs(const std::string &path)
    {
        return path == AppDescription::fileName || path == Manifest::fileName
            || path == Manifest::signatureFileName;
    }

    Result<std::vector<Platform::TreeEntry>> findEntries() const
    {
        if (m_root == m_tree)
            return Platform::listTree(m_root);
        auto file = Platform::entryAt(m_tree, m_tree.filename().string());
        if (!file)
            return failure(ErrorCode::IO, m_tree.string() + " is gone.");
        return std::vector<Platform::TreeEntry>{std::move(*file)};
    }

    Result<void> listEntries()
    {
        const auto tree = findEntries();
        if (!tree)
            return failure(tree);
        for (const Platform::TreeEntry &entry : *tree) {
            if (isOurs(entry.path))
                continue;
            if (auto added = addEntry(entry); !added)
                return added;
        }
        addDescription();
        std::sort(m_manifest.entries.begin(), m_manifest.entries.end(),
                  [](const auto &a, const auto &b) { return a.path < b.path; });
        return {};
    }

    Result<void> addEntry(const Platform::TreeEntry &found)
    {
        const std::string os = m_request.os.toStdString();
        if (found.type == EntryType::Other)
            return refusedEntry(found.path, "is a device, pipe or socket");
        if (const auto objection = Trust::objectionToPath(found.path, os))
            return refusedEntry(found.path, *objection);
        ManifestEntry &entry = m_manifest.entries.emplace_back();
        entry.type = found.type;
        entry.path = found.path;
        entry.target = found.target;
        const bool isPlainFile = found.type == EntryType::File && (found.mode & 0111) == 0;
        entry.mode = isPlainFile ? 0644 : 0755;
        if (found.type == EntryType::Link) {
            entry.mode = 0777;
            if (const auto objection = Trust::objectionToLink(found.path, found.target, os))
                return refusedEntry(found.path, "is a link whose target " + *objection);
        }
        return found.type == EntryType::File ? measure(entry, found.size) : Result<void>();
    }

    Result<void> measure(ManifestEntry &entry, std::uint64_t size)
    {
        const std::filesystem::path path = m_root / entry.path;
        const auto sha256 = Trust::sha256OfFile(path);
        if (!sha256)
            return failure(sha256);
        if (auto none = m_secrets.requireNoneIn(path, entry.path); !none)
            return none;
        entry.size = size;
        entry.sha256 = *sha256;
        m_newest = std::max(m_newest, QFileInfo(toQString(path)).lastModified().toUTC());
        return {};
    }

    void addDescription()
    {
        ManifestEntry &entry = m_manifest.entries.emplace_back();
        entry.path = AppDescription::fileName;
        entry.size = std::uint64_t(m_json.size());
        entry.sha256 = Trust::sha256Hex(toView(m_json));
    }

    Result<void> makeManifest()
    {
        const auto date = sourceDate();
        if (!date)
            return failure(date);
        m_built = date->value_or(m_newest);
        m_manifest.product = toStdString(m_request.description.product);
        m_manifest.version = toStdString(m_request.description.version);
        m_manifest.channel = toStdString(m_request.description.channel);
        m_manifest.os = toStdString(m_request.os);
        m_manifest.arch = toStdString(m_request.arch);
        m_manifest.executable = toStdString(m_request.description.executable);
        m_manifest.extraLines = {"built " + toStdString(m_built.toString(Qt::ISODate))};
        if (auto checked = checkExecutable(); !checked)
            return checked;
        m_text = m_manifest.toText();
        // What a client would refuse is refused here.
        if (const auto parsed = Manifest::parse(m_text); !parsed)
            return failure(parsed);
        m_signature = m_key.minisign(m_text, m_manifest.trustedComment());
        return {};
    }

    Result<void> checkExecutable() const
    {
        const ManifestEntry *entry = m_manifest.find(m_manifest.executable);
        const std::string name = '"' + Trust::escaped(m_manifest.executable) + '"';
        if (!entry || entry->type != EntryType::File)
            return failure(ErrorCode::CONFIG,
                           "There is no file " + name + " that could be the executable.");
        if (m_manifest.os != "windows" && (entry->mode & 0100) == 0)
            return failure(ErrorCode::CONFIG,
                           "The executable " + name
                               + " may not be executed. Run \"chmod +x\" on it.");
        return {};
    }

    Result<void> writeArchive(const QString &path)
    {
        CheckedFile file(path);
        if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate | QIODevice::Unbuffered))
            return writeFailure(file);
        const auto archive = ArchiveWriter::create(m_request.package, &file, m_built);
        if (const QString objection = archive->objectionTo(m_manifest.entries);
            !objection.isEmpty())
            return failure(ErrorCode::CONFIG,
                           u"%1: %2. Use .tar.zst."_s.arg(m_request.package, objection));
        auto added = addText(*archive, Manifest::fileName, m_text);
        if (added)
            added = addText(*archive, Manifest::signatureFileName, m_signature);
        for (std::size_t i = 0; added && i < m_manifest.entries.size(); ++i)
            added = addToArchive(*archive, m_manifest.entries[i]);
        if (!added && added.error().message.empty())
            return writeFailure(file);
        if (added && (!archive->finish() || file.hasFailed()))
            return writeFailure(file);
        return added;
    }

    // An error without a message is one of the archive, which its file can explain.
    static Result<void> checked(bool isWritten)
    {
        return isWritten ? Result<void>() : failure(ErrorCode::IO, std::string());
    }

    static Result<void> addText(ArchiveWriter &archive, std::string_view path,
                                std::string_view text)
    {
        ManifestEntry entry;
        entry.path = path;
        entry.size = text.size();
        const Platform::Bytes bytes(reinterpret_cast<const std::uint8_t *>(text.data()),
                                    text.size());
        return checked(archive.addEntry(entry) && archive.write(bytes) && archive.endFile());
    }

    Result<void> addToArchive(ArchiveWriter &archive, const ManifestEntry &entry) const
    {
        if (entry.path == AppDescription::fileName)
            return addText(archive, entry.path, toView(m_json));
        if (entry.type == EntryType::File)
            return addFile(archive, entry);
        return checked(archive.addEntry(entry));
    }

    Result<void> addFile(ArchiveWriter &archive, const ManifestEntry &entry) const
    {
        const auto file = Platform::openForReading(m_root / entry.path);
        if (!file)
            return failure(file);
        Trust::Digest digest(Trust::Digest::Kind::Sha256);
        bool isWritten = archive.addEntry(entry);
        const auto read = Platform::readBlocks(*file, [&](Platform::Bytes bytes) {
            digest.add(bytes);
            isWritten = isWritten && archive.write(bytes);
            return isWritten;
        });
        if (!read)
            return read;
        if (isWritten && digest.hexResult() != entry.sha256)
            return failure(ErrorCode::IO,
                           '"' + Trust::escaped(entry.path)
                               + "\" was changed while it was packed. Try again.");
        return checked(isWritten && archive.endFile());
    }

    Result<void> writeFailure(const CheckedFile &file) const
    {
        const bool isFull = file.error() == QFileDevice::ResourceError;
        return failure(
            isFull ? ErrorCode::NO_SPACE : ErrorCode::IO,
            u"Cannot write the package %1: %2."_s.arg(m_request.package, file.errorString()));
    }

    // The package comes last: where it is, the rest is complete.
    Result<void> publish(const QString &temporary) const
    {
        const QFileInfo package(m_request.package);
        const std::filesystem::path folder = toPath(package.absolutePath());
        const std::string manifest = toStdString(packageBaseName(package.fileName())) + ".manifest";
        auto result = Platform::writeFileDurably(folder / manifest, m_text);
        if (result)
            result = Platform::writeFileDurably(folder / (manifest + ".minisig"), m_signature);
        if (result)
            result = Platform::rename(toPath(temporary), toPath(m_request.package));
        return result;
    }

    const PackRequest &m_request;
    const SecretKey &m_key;
    const SecretSearch m_secrets;
    const std::filesystem::path m_tree;
    const std::filesystem::path m_root; // what paths are relative to
    const QByteArray m_json;
    Manifest m_manifest;
    QDateTime m_newest = QDateTime::fromSecsSinceEpoch(0, Qt::UTC);
    QDateTime m_built;
    std::string m_text;
    std::string m_signature;
};

} // namespace

Result<void> packTree(const PackRequest &request, const SecretKey &key)
{
    if (auto checked = checkPackRequest(request, key); !checked)
        return checked;
    return Packer(request, key).run();
}

} // namespace Freshen
