// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/package/taraudit.h"

#include <KCompressionDevice>

#include <QFile>

#include <functional>
#include <memory>

namespace Freshen {

// A file whose read errors look like its end: KCompressionDevice takes the -1 of a failed read
// for a number of bytes. `hasFailed` tells them apart.
class PackageFile : public QFile
{
public:
    using QFile::QFile;
    bool hasFailed() const { return m_hasFailed; }

protected:
    qint64 readData(char *data, qint64 maximum) override;

private:
    bool m_hasFailed = false;
};

// The uncompressed bytes of a tar package, as KTar needs them: seeking forwards reads, seeking
// back starts again. Never more than `limit` bytes come out of it. Once an error has happened,
// nothing more can be read.
class TarDevice : public QIODevice
{
public:
    // The bytes of an archive whose entries have this content altogether, headers included.
    static quint64 limitFor(quint64 content, quint64 entries);

    // `keepGoing` is asked at every block; false means CANCELLED.
    TarDevice(QString file, KCompressionDevice::CompressionType compression, quint64 limit,
              std::function<bool()> keepGoing);

    bool open(OpenMode mode) override;
    bool seek(qint64 position) override;

    // From now on the audit sees every byte that is read, for the first time only.
    void setAudit(TarAudit *audit) { m_audit = audit; }
    // Reads what is left, ends the audit and lets go of it.
    Result<void> finishAudit();
    // What stopped the reading, if something did.
    const Result<void> &status() const { return m_status; }

protected:
    qint64 readData(char *data, qint64 maximum) override;
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    bool start();
    bool skipTo(qint64 position);
    Result<void> check(const char *data, qint64 count, bool isShort);

    QString m_fileName;
    KCompressionDevice::CompressionType m_compression;
    quint64 m_limit;
    std::function<bool()> m_keepGoing;
    std::unique_ptr<PackageFile> m_file;
    std::unique_ptr<KCompressionDevice> m_decompressor; // reads m_file
    TarAudit *m_audit = nullptr;
    qint64 m_position = 0;
    Result<void> m_status;
};

} // namespace Freshen
