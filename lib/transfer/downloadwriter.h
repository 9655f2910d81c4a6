// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/file.h"
#include "updater-helper/trust/digest.h"

#include <QObject>

#include <optional>

namespace Freshen {

// The half of a download that touches the disk. Lives in a thread of its own; every function is
// called there.
class DownloadWriter : public QObject
{
    Q_OBJECT

public:
    explicit DownloadWriter(const QString &file);
    ~DownloadWriter() override;

    void open();
    void write(const QByteArray &bytes);
    // Closes the file and compares its hash, if there is one to compare with; without success the
    // file is removed.
    void finish(const QString &sha256);

Q_SIGNALS:
    void written(qint64 bytes);
    void finished();
    void failed(const Freshen::Error &error);

private:
    void fail(const Error &error);

    QString m_file;
    std::optional<Platform::NewFile> m_open;
    std::optional<Trust::Digest> m_digest{Trust::Digest::Kind::Sha256};
    bool m_keeps = false;
};

} // namespace Freshen
