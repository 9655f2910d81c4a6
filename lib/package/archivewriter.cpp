// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/package/archivewriter.h"

namespace Freshen {

qint64 CheckedFile::writeData(const char *data, qint64 size)
{
    const qint64 written = QFile::writeData(data, size);
    m_hasFailed = m_hasFailed || written != size;
    return written;
}

std::unique_ptr<ArchiveWriter> ArchiveWriter::create(const QString &name, CheckedFile *file,
                                                     const QDateTime &time)
{
    return name.endsWith(QLatin1String(".zip")) ? createZipWriter(file, time)
                                                : createTarWriter(name, file, time);
}

} // namespace Freshen
