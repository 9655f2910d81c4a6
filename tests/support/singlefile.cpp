// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/singlefile.h"

#include "lib/common/convert.h"
#include "lib/package/appdescription.h"
#include "platform/paths.h"
#include "updater-helper/trust/digest.h"

namespace Freshen {

namespace {

Trust::ManifestEntry entryOf(const std::string &path, std::string_view content, std::uint32_t mode)
{
    return {Platform::EntryType::File, mode, content.size(), Trust::sha256Hex(content), path, {}};
}

} // namespace

Trust::Manifest singleFileManifest(const std::string &name, const std::string &version,
                                   std::string_view program, std::string_view description)
{
    Trust::Manifest manifest;
    manifest.product = EngineFixture::product;
    manifest.version = version;
    manifest.os = Platform::systemName();
    manifest.arch = Platform::processorName();
    manifest.executable = name;
    manifest.entries = {entryOf(AppDescription::fileName, description, 0644),
                        entryOf(name, program, 0755)};
    return manifest;
}

QByteArray singleFileDescription(const EngineFixture &fixture, const std::string &name,
                                 const std::string &version)
{
    AppDescription description;
    description.product = QString::fromLatin1(EngineFixture::product);
    description.version = toQString(version);
    description.feed = QStringLiteral("https://updates.example.org/appcast.xml");
    description.publicKeys = {toQString(fixture.keys().front().toMinisign())};
    description.executable = toQString(name);
    return description.toJson();
}

Install::Layout installSingleFile(const EngineFixture &fixture, const std::string &name)
{
    constexpr std::string_view program = "#!/bin/sh\necho 1.0\n";
    const std::filesystem::path app = fixture.path(name);
    writeText(app, program, 0755);
    const Install::Layout layout(app);
    std::filesystem::create_directories(layout.folder());
    const QByteArray description = singleFileDescription(fixture, "tool-1.0", "1.0");
    writeText(layout.folder() / AppDescription::fileName, toView(description));
    fixture.signTree(layout.folder(),
                     singleFileManifest("tool-1.0", "1.0", program, toView(description)));
    return layout;
}

} // namespace Freshen
