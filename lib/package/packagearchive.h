// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/package/packagedevice.h"

#include <KArchive>

#include <QString>

namespace Freshen {

// What a package's name says it is.
struct PackageFormat {
    bool isZip = false;
    KCompressionDevice::CompressionType compression = KCompressionDevice::None;

    // ARCHIVE for another ending than .zip, .tar, .tar.zst, .tar.xz, .tar.gz, .tar.bz2 or their
    // short forms, or when the package is no file.
    static Result<PackageFormat> of(const QString &package);
    // The ending of a file's name that `of` knows; empty when there is none.
    static QString endingOf(const QString &fileName);
};

// A package that was opened, listed and audited; KArchive reads the files in it.
class PackageArchive
{
public:
    struct Limits {
        std::string os; // whose rules for names hold, besides those of all systems
        quint64 unpackedSize = 0; // of a tar, with all headers
        std::function<bool()> keepGoing; // asked at every block; false means CANCELLED
        bool mayBeginWithDot = false; // names may begin with "./", as after `tar -C folder .`
    };
    using Consumer = std::function<Result<void>(Platform::Bytes)>;

    static Result<PackageArchive> open(const QString &package, const Limits &limits);

    const ArchiveListing &listing() const { return m_listing; }
    // Whether the archive says that the file's owner may execute it.
    bool isExecutable(const ArchiveEntry &file) const;
    // Hands the content of a file of the listing on, block by block. Cheapest in the order of the
    // listing. ARCHIVE unless exactly the listed size came out.
    Result<void> read(const ArchiveEntry &file, const Consumer &consume);

private:
    PackageArchive(QString package, const Limits &limits);
    Result<void> openTar(KCompressionDevice::CompressionType compression);
    Result<void> openZip();
    Result<void> readAll(QIODevice &content, quint64 size, const Consumer &consume);
    tl::unexpected<Error> unreadable() const;
    // The error of the device, if it has one.
    Result<void> status() const;

    QString m_package;
    Limits m_limits;
    ArchiveListing m_listing;
    TarDevice *m_tarDevice = nullptr; // m_device, when it is a tar
    std::unique_ptr<QIODevice> m_device;
    std::unique_ptr<KArchive> m_archive; // reads m_device
};

} // namespace Freshen
