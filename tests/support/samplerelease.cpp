// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/samplerelease.h"

#include "updater-helper/trust/digest.h"

#include <QFile>

#include <algorithm>

using Freshen::Platform::EntryType;
using Freshen::Trust::Manifest;
using Freshen::Trust::ManifestEntry;

namespace {

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

} // namespace

SampleRelease SampleRelease::minimal()
{
    SampleRelease release;
    release.add({EntryType::Directory, 0755, "bin", {}, {}});
    release.add({EntryType::File, 0755, "bin/app", "#!/bin/sh\nexit 0\n", {}});
    return release;
}

SampleRelease SampleRelease::withEverything()
{
    SampleRelease release = minimal();
    const QByteArray deep = "share/" + QByteArray(120, 'd');
    const QByteArray longName = deep + "/" + QByteArray(255, 'n');
    release.add({EntryType::Directory, 0755, "empty", {}, {}});
    release.add({EntryType::Directory, 0755, "lib", {}, {}});
    release.add({EntryType::Link, 0777, "lib/libx.so", {}, "libx.so.1"});
    const QByteArray library = QByteArray("library ").repeated(3000);
    release.add({EntryType::File, 0644, "lib/libx.so.1", library, {}});
    release.add({EntryType::Link, 0777, "lib/program", {}, "../bin/app"});
    release.add({EntryType::Link, 0777, "lib/long", {}, "../" + longName});
    release.add({EntryType::Directory, 0755, "share", {}, {}});
    release.add({EntryType::File, 0444, "share/nothing", {}, {}});
    release.add({EntryType::File, 0644, "share/na\xc3\xafve \xe2\x82\xac.txt", "text\n", {}});
    release.add({EntryType::Directory, 0555, deep, {}, {}});
    release.add({EntryType::File, 0644, longName, "deep down", {}});
    return release;
}

void SampleRelease::add(const SampleFile &file)
{
    const auto place = std::lower_bound(
        files.begin(), files.end(), file,
        [](const SampleFile &a, const SampleFile &b) { return view(a.path) < view(b.path); });
    files.insert(place, file);
}

Manifest SampleRelease::manifest() const
{
    Manifest manifest;
    manifest.product = "org.example.sample";
    manifest.version = "1.0";
    manifest.os = os;
    manifest.arch = "x86_64";
    manifest.executable = "bin/app";
    for (const SampleFile &file : files) {
        ManifestEntry entry;
        entry.type = file.type;
        entry.mode = file.mode;
        entry.path = view(file.path);
        entry.target = view(file.target);
        if (file.type == EntryType::File) {
            entry.size = std::uint64_t(file.content.size());
            entry.sha256 = Freshen::Trust::sha256Hex(view(file.content));
        }
        manifest.entries.push_back(entry);
    }
    return manifest;
}

QList<TarEntry> SampleRelease::tarEntries() const
{
    QList<TarEntry> entries(2);
    entries[0].name = "freshen.manifest";
    entries[0].content = QByteArray::fromStdString(manifestText());
    entries[1].name = "freshen.manifest.minisig";
    entries[1].content = QByteArray::fromStdString(signature);
    for (const SampleFile &file : files) {
        TarEntry entry;
        entry.name = file.path;
        entry.content = file.content;
        entry.target = file.target;
        entry.mode = int(file.mode);
        if (file.type == EntryType::Directory)
            entry.name += '/';
        entry.type = file.type == EntryType::Directory ? '5'
            : file.type == EntryType::Link             ? '2'
                                                       : '0';
        entries.append(entry);
    }
    return entries;
}

QList<ZipEntry> SampleRelease::zipEntries() const
{
    QList<ZipEntry> entries;
    for (const TarEntry &tar : tarEntries()) {
        ZipEntry entry;
        entry.name = tar.name;
        entry.content = tar.type == '2' ? tar.target : tar.content;
        entry.isDeflated = tar.type == '0';
        const quint32 kind = tar.type == '5' ? 0040000u : tar.type == '2' ? 0120000u : 0100000u;
        entry.mode = kind | quint32(tar.mode);
        entries.append(entry);
    }
    return entries;
}

QByteArray SampleRelease::package(const QString &ending) const
{
    if (ending == QLatin1String("zip"))
        return makeZip(zipEntries());
    return compressed(makeTar(tarEntries()), compressionOf(ending));
}

KCompressionDevice::CompressionType compressionOf(const QString &ending)
{
    if (ending == QLatin1String("tar.gz"))
        return KCompressionDevice::GZip;
    return ending == QLatin1String("tar.xz") ? KCompressionDevice::Xz : KCompressionDevice::Zstd;
}

void writeTestFile(const QString &path, const QByteArray &content)
{
    // Some file systems wait for the disk when a file is overwritten.
    QFile::remove(path);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("Cannot write %s", qPrintable(path));
}
