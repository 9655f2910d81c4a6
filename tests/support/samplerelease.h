// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A small release with one of everything that a tree may have, and packages of it.

#pragma once

#include "tests/support/tarbuilder.h"
#include "tests/support/zipbuilder.h"

#include "updater-helper/trust/manifest.h"

#include <QString>

struct SampleFile {
    Freshen::Platform::EntryType type = Freshen::Platform::EntryType::File;
    std::uint32_t mode = 0644;
    QByteArray path;
    QByteArray content; // of files
    QByteArray target; // of links
};

struct SampleRelease {
    QList<SampleFile> files; // sorted by path
    std::string os = "linux";
    std::string signature = "not a real signature: unpacking compares its bytes only\n";

    // A program, a library with a link to it, an empty folder and an empty file, long names.
    static SampleRelease withEverything();
    // The program alone.
    static SampleRelease minimal();

    void add(const SampleFile &file);
    Freshen::Trust::Manifest manifest() const;
    std::string manifestText() const { return manifest().toText(); }

    // The entries of an honest package, manifest and signature first.
    QList<TarEntry> tarEntries() const;
    QList<ZipEntry> zipEntries() const;
    // An honest package: the ending is "tar.gz", "tar.xz", "tar.zst" or "zip".
    QByteArray package(const QString &ending) const;
};

// The compressor behind "tar.gz" and its like.
KCompressionDevice::CompressionType compressionOf(const QString &ending);

void writeTestFile(const QString &path, const QByteArray &content);
