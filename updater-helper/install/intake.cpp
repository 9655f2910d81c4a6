// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/intake.h"

#include "platform/paths.h"
#include "updater-helper/install/history.h"
#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/text.h"

#include <algorithm>

namespace Freshen::Install {

namespace {

namespace fs = std::filesystem;
using Platform::EntryType;
using Platform::HeldFolder;
using Trust::Manifest;
using Trust::ManifestEntry;

constexpr std::size_t maximumSignature = 64 * 1024;

std::string inTree(std::string_view path)
{
    return std::string(Offer::treeName).append("/").append(path);
}

// Follows the roots that lie in the folder, as a client does on the network.
Result<Trust::SignedRoot> newestRoot(const HeldFolder &folder, const std::string &known)
{
    auto trusted = Trust::firstRoot(known);
    for (int step = 0; trusted && step < Trust::Root::maximumSteps; ++step) {
        const auto text = folder.readFile(Offer::rootName(trusted->root.version + 1),
                                          Trust::Root::maximumSize);
        if (!text)
            break;
        trusted = Trust::nextRoot(trusted->root, *text);
    }
    if (!trusted)
        return trusted;
    const auto current = Trust::requireCurrent(trusted->root, utcNow());
    return current ? trusted : failure(current);
}

Result<void> readKeys(const HeldFolder &folder, const Registration &registration, Offer &offer)
{
    offer.keys = registration.keys;
    if (offer.floor.root.empty())
        return {};
    const auto root = newestRoot(folder, offer.floor.root);
    if (!root)
        return failure(root);
    offer.keys = root->root.release.keys;
    offer.floor.root = root->text;
    return {};
}

Result<void> checkIdentity(const Manifest &manifest, const Registration &registration)
{
    if (manifest.product != registration.product)
        return failure(ErrorCode::WRONG_PRODUCT, "The release is \""
                                                     + Trust::escaped(manifest.product)
                                                     + "\", but \"" + registration.product
                                                     + "\" is registered.");
    if (manifest.os != Platform::systemName() || manifest.arch != Platform::processorName())
        return failure(ErrorCode::WRONG_PLATFORM,
                       "The release is for " + Trust::escaped(manifest.os) + " on "
                           + Trust::escaped(manifest.arch) + ", not for this computer.");
    return {};
}

// The same version again is a repair.
Result<void> checkFloor(const Manifest &manifest, const Registration &registration,
                        const Floor &floor)
{
    if (Trust::compareVersions(manifest.version, floor.version, registration.versioning) >= 0)
        return {};
    return failure(ErrorCode::DOWNGRADE,
                   "Version " + Trust::escaped(manifest.version) + " is older than "
                       + floor.version
                       + ", which was installed here before: with an administrator's rights only "
                         "newer ones are installed.");
}

class Copy
{
public:
    Copy(const HeldFolder &folder, const fs::path &target, const Trust::Progress &progress)
        : m_folder(folder)
        , m_target(target)
        , m_progress(progress)
    {
    }

    Result<void> run(const Offer &offer)
    {
        auto done = Platform::makeDirectory(m_target, 0700);
        for (const ManifestEntry &entry : offer.manifest.entries) {
            if (done)
                done = add(entry);
        }
        if (done)
            done = write(Manifest::fileName, offer.manifestText);
        if (done)
            done = write(Manifest::signatureFileName, offer.manifestSignature);
        return done ? setFolderModes(offer.manifest) : done;
    }

private:
    Result<void> add(const ManifestEntry &entry)
    {
        const fs::path path = m_target / entry.path;
        if (entry.type == EntryType::Directory)
            return Platform::makeDirectory(path, 0700);
        if (entry.type == EntryType::File)
            return copy(entry, path);
        return Platform::makeLink(entry.target, path);
    }

    Result<void> copy(const ManifestEntry &entry, const fs::path &path)
    {
        const auto source = m_folder.openFile(inTree(entry.path));
        if (!source)
            return failure(source);
        auto file = Platform::NewFile::create(path);
        if (!file)
            return failure(file);
        Trust::Digest digest(Trust::Digest::Kind::Sha256);
        std::uint64_t size = 0;
        bool isCancelled = false;
        Result<void> written;
        const auto read = Platform::readBlocks(*source, [&](Platform::Bytes bytes) {
            size += bytes.size();
            m_done += bytes.size();
            isCancelled = m_progress && !m_progress(m_done);
            if (isCancelled || size > entry.size)
                return false;
            digest.add(bytes);
            written = file->write(bytes);
            return written.has_value();
        });
        if (!read || !written)
            return read ? written : read;
        if (isCancelled)
            return failure(ErrorCode::CANCELLED, "Cancelled.");
        if (size != entry.size || digest.hexResult() != entry.sha256)
            return failure(ErrorCode::MANIFEST, "The staged file \"" + Trust::escaped(entry.path)
                                                    + "\" is not as the manifest says.");
        return file->finish(entry.mode);
    }

    Result<void> write(std::string_view name, const std::string &text)
    {
        auto file = Platform::NewFile::create(m_target / name);
        if (!file)
            return failure(file);
        const auto written = file->write({reinterpret_cast<const std::uint8_t *>(text.data()),
                                          text.size()});
        return written ? file->finish(0644) : written;
    }

    // At the end: a folder that may not be written can still be filled before.
    Result<void> setFolderModes(const Manifest &manifest)
    {
        for (auto entry = manifest.entries.rbegin(); entry != manifest.entries.rend(); ++entry) {
            if (entry->type != EntryType::Directory)
                continue;
            if (auto done = Platform::setFolderMode(m_target / entry->path, entry->mode); !done)
                return done;
        }
        return Platform::setFolderMode(m_target, 0755);
    }

    const HeldFolder &m_folder;
    const fs::path &m_target;
    const Trust::Progress &m_progress;
    std::uint64_t m_done = 0;
};

} // namespace

std::string Offer::rootName(std::uint64_t version)
{
    return std::to_string(version) + ".root";
}

Result<Offer> Offer::read(const HeldFolder &folder, const Registration &registration)
{
    Offer offer;
    auto floor = Floor::read(registration);
    if (!floor)
        return failure(floor);
    offer.floor = std::move(*floor);
    if (auto keys = readKeys(folder, registration, offer); !keys)
        return failure(keys);
    auto text = folder.readFile(inTree(Manifest::fileName), Manifest::maximumSize);
    if (!text)
        return failure(text);
    auto signature = folder.readFile(inTree(Manifest::signatureFileName), maximumSignature);
    if (!signature)
        return failure(signature);
    auto manifest = Trust::verifiedManifest(*text, *signature, offer.keys);
    if (!manifest)
        return failure(manifest);
    if (auto fits = checkIdentity(*manifest, registration); !fits)
        return failure(fits);
    if (auto fits = checkFloor(*manifest, registration, offer.floor); !fits)
        return failure(fits);
    offer.floor.version = manifest->version;
    offer.manifest = std::move(*manifest);
    offer.manifestText = std::move(*text);
    offer.manifestSignature = std::move(*signature);
    return offer;
}

Result<void> takeIn(const HeldFolder &folder, const Offer &offer, const fs::path &target,
                    const Trust::Progress &progress)
{
    return Copy(folder, target, progress).run(offer);
}

} // namespace Freshen::Install
