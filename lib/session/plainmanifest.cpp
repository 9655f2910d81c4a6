// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/plainmanifest.h"

#include "lib/common/convert.h"
#include "lib/package/bundleversion.h"
#include "lib/package/treewriter.h"
#include "lib/session/preflight.h"
#include "platform/paths.h"
#include "updater-helper/install/accepted.h"
#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/text.h"
#include "updater-helper/trust/treecheck.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;
using Trust::Manifest;
using Trust::ManifestEntry;

namespace {

constexpr std::size_t maximumText = 1 << 20;

QString stableOr(const QString &channel)
{
    return channel.isEmpty() ? u"stable"_s : channel;
}

// Makes the manifest of one unpacked tree, step by step.
class Describing
{
public:
    Describing(const Installation &installation, const AppcastItem &item,
               std::vector<ManifestEntry> entries)
        : m_installation(installation)
        , m_item(item)
        , m_tree(installation.workplace.staging())
    {
        m_manifest.entries = std::move(entries);
    }

    Result<Manifest> run()
    {
        if (m_manifest.find(Manifest::fileName))
            return ownManifest();
        auto done = isFile(AppDescription::fileName) ? Result<void>() : carryDescription();
        if (done)
            done = describe();
        if (done)
            done = checkManifest(m_manifest, m_item, m_installation);
        if (done)
            done = checkBundle();
        if (done)
            done = checkExecutable();
        return done ? write() : failure(done);
    }

private:
    bool isFile(std::string_view path) const
    {
        const ManifestEntry *entry = m_manifest.find(path);
        return entry && entry->type == Platform::EntryType::File;
    }

    // A package that brings a manifest is held to it.
    Result<Manifest> ownManifest() const
    {
        if (!isFile(Manifest::fileName) || !isFile(Manifest::signatureFileName))
            return failure(ErrorCode::SIGNATURE,
                           "The package has a manifest, but no signature of it. Nothing was "
                           "changed; tell the publisher.");
        auto release = Trust::readTreeManifest(m_tree, m_installation.keys);
        if (!release)
            return failure(release);
        auto done = checkManifest(release->manifest, m_item, m_installation);
        if (done)
            done = Trust::requireTree(m_tree, release->manifest);
        if (done)
            done = checkDescription(m_tree, release->manifest);
        return done ? Result<Manifest>(std::move(release->manifest)) : failure(done);
    }

    // The installed app's freshen.json with another version, whatever else stands in it.
    Result<void> carryDescription()
    {
        if (m_manifest.find(AppDescription::fileName))
            return failure(ErrorCode::MANIFEST,
                           "In the package freshen.json is no file. Nothing was changed; tell the "
                           "publisher.");
        const auto text = Platform::readFile(
            m_installation.descriptionFolder / AppDescription::fileName, maximumText);
        if (!text)
            return failure(text);
        QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(*text)).object();
        json[u"version"_s] = m_item.version;
        json[u"channel"_s] = stableOr(m_item.channel);
        const QByteArray carried = QJsonDocument(json).toJson();
        ManifestEntry entry;
        entry.path = AppDescription::fileName;
        entry.size = std::uint64_t(carried.size());
        entry.sha256 = Trust::sha256Hex(toView(carried));
        auto &entries = m_manifest.entries;
        const auto place = std::lower_bound(
            entries.begin(), entries.end(), entry.path,
            [](const ManifestEntry &other, const std::string &path) { return other.path < path; });
        entries.insert(place, std::move(entry));
        return writeNewFile(m_tree / AppDescription::fileName, toView(carried));
    }

    Result<void> describe()
    {
        const auto app = AppDescription::read(toQString(m_tree));
        if (!app)
            return failure(app.error().code, "In the package: " + app.error().message);
        m_manifest.product = toStdString(app->product);
        m_manifest.version = toStdString(app->version);
        m_manifest.channel = toStdString(app->channel);
        m_manifest.executable = toStdString(app->executable);
        m_manifest.os = Platform::systemName();
        m_manifest.arch = Platform::processorName();
        m_manifest.extraLines = {std::string(plainPackageLine) + ' '
                                 + toStdString(m_item.enclosure->edSignature)};
        return {};
    }

    // An old package under a new version's name shows here, where it can show at all.
    Result<void> checkBundle() const
    {
        constexpr std::string_view path = "Contents/Info.plist";
        if (!isFile(path))
            return {};
        const auto text = Platform::readFile(m_tree / path, maximumText);
        if (!text)
            return failure(text);
        const QString version = bundleVersion(QByteArray::fromStdString(*text));
        if (version.isEmpty() || version == m_item.version)
            return {};
        return failure(ErrorCode::DOWNGRADE,
                       u"The package holds version %1, but the feed offers it as %2. Nothing was "
                       "changed; tell the publisher."_s.arg(shown(version), shown(m_item.version)));
    }

    Result<void> checkExecutable() const
    {
        const ManifestEntry *entry = m_manifest.find(m_manifest.executable);
        const bool isProgram = isFile(m_manifest.executable) && (entry->mode & 0100) != 0;
        if (isProgram)
            return {};
        return failure(
            ErrorCode::MANIFEST,
            u"The package of version %1 has no \"%2\" that can be executed, which is the "
            "app's program. Nothing was changed; tell the publisher."_s.arg(
                shown(m_item.version), shown(toQString(m_manifest.executable))));
    }

    Result<Manifest> write() const
    {
        const std::string text = m_manifest.toText();
        auto manifest = Manifest::parse(text);
        if (!manifest)
            return manifest;
        auto done = writeNewFile(m_tree / Manifest::fileName, text);
        if (done)
            done = Install::acceptManifest(m_installation.layout, Trust::sha256Hex(text));
        return done ? manifest : failure(done);
    }

    static QString shown(const QString &text)
    {
        return toQString(Trust::escaped(toStdString(text)));
    }

    const Installation &m_installation;
    const AppcastItem &m_item;
    const std::filesystem::path m_tree;
    Manifest m_manifest;
};

} // namespace

Result<Manifest> describePlainTree(const Installation &installation, const AppcastItem &item,
                                   std::vector<ManifestEntry> entries)
{
    return Describing(installation, item, std::move(entries)).run();
}

} // namespace Freshen
