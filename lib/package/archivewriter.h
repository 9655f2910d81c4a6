// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "updater-helper/trust/manifest.h"

#include <QDateTime>
#include <QFile>

#include <memory>

namespace Freshen {

// A file that remembers when a write went wrong: KArchive does not look at all of them.
class CheckedFile : public QFile
{
public:
    using QFile::QFile;
    bool hasFailed() const { return m_hasFailed; }

protected:
    qint64 writeData(const char *data, qint64 size) override;

private:
    bool m_hasFailed = false;
};

// An archive that is being written, in a form that depends on its entries alone: one owner, one
// time for all.
class ArchiveWriter
{
public:
    // `name` decides the kind: .tar.zst, .tar.xz, .tar.gz or .zip. `file` is open.
    static std::unique_ptr<ArchiveWriter> create(const QString &name, CheckedFile *file,
                                                 const QDateTime &time);
    ArchiveWriter() = default;
    virtual ~ArchiveWriter() = default;
    Q_DISABLE_COPY_MOVE(ArchiveWriter)

    // A file's entry is followed by exactly its bytes, then by endFile().
    virtual bool addEntry(const Trust::ManifestEntry &entry) = 0;
    virtual bool write(Platform::Bytes bytes) = 0;
    virtual bool endFile() = 0;
    virtual bool finish() = 0;
    // Why the kind of archive cannot hold these; nothing when it can.
    virtual QString objectionTo(const std::vector<Trust::ManifestEntry> &entries) const = 0;
};

std::unique_ptr<ArchiveWriter> createTarWriter(const QString &name, CheckedFile *file,
                                               const QDateTime &time);
std::unique_ptr<ArchiveWriter> createZipWriter(CheckedFile *file, const QDateTime &time);

} // namespace Freshen
