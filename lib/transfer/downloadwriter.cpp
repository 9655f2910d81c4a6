// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/downloadwriter.h"

#include "lib/common/convert.h"

#include <QFileInfo>

namespace Freshen {

DownloadWriter::DownloadWriter(const QString &file)
    : m_file(file)
{
}

// In its own thread, which ends afterwards.
DownloadWriter::~DownloadWriter()
{
    if (!m_keeps)
        (void)Platform::removeFile(toPath(m_file));
    m_digest = {};
    Trust::leaveThread();
}

void DownloadWriter::open()
{
    const auto path = toPath(m_file);
    auto ready = Platform::makeDirectories(path.parent_path(), 0700);
    if (ready)
        ready = Platform::removeFile(path);
    if (!ready)
        return fail(ready.error());
    auto created = Platform::NewFile::create(path);
    if (!created)
        return fail(created.error());
    m_open = std::move(*created);
}

void DownloadWriter::write(const QByteArray &bytes)
{
    if (!m_open)
        return;
    m_digest->add(toBytes(bytes));
    if (const auto done = m_open->write(toBytes(bytes)); !done)
        return fail(done.error());
    Q_EMIT written(bytes.size());
}

void DownloadWriter::finish(const QString &sha256)
{
    if (!m_open)
        return;
    if (const auto done = m_open->finish(0600); !done)
        return fail(done.error());
    m_open.reset();
    if (!sha256.isEmpty() && toQString(m_digest->hexResult()) != sha256) {
        return fail({ErrorCode::HASH,
                     QStringLiteral("The downloaded file %1 is not the one that the feed "
                                    "announces. Try again; if it stays so, tell the publisher.")
                         .arg(QFileInfo(m_file).fileName())
                         .toStdString()});
    }
    m_keeps = true;
    Q_EMIT finished();
}

void DownloadWriter::fail(const Error &error)
{
    m_open.reset();
    Q_EMIT failed(error);
}

} // namespace Freshen
