// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/transfer/httpget.h"

#include <QThread>

#include <memory>

namespace Freshen {

class DownloadWriter;

// What a download has to be.
struct DownloadRequest {
    QUrl url;
    QString file; // replaced when it is there already
    qint64 length = 0;
    QString sha256; // of the whole, lower-case hexadecimal; empty: nobody knows it
    bool isExact = true; // false: at most `length` bytes
};

// A large file, fetched to the disk; hashed and written in a thread of its own, so that neither a
// slow disk nor a fast network stalls the caller. It stops at the first byte too many. Deleting it
// ends the download; the file of a download that failed is removed.
class Download : public QObject
{
    Q_OBJECT

public:
    Download(QNetworkAccessManager *manager, const UrlPolicy &policy, const DownloadRequest &request,
             QObject *parent = nullptr);
    ~Download() override;

    void start();
    qint64 bytesReceived() const { return m_received; }

Q_SIGNALS:
    void progressed(qint64 done);
    void finished();
    void failed(const Freshen::Error &error);

private:
    void take(const QByteArray &bytes);
    void noteWritten(qint64 bytes);
    void fail(const Error &error);

    DownloadRequest m_request;
    HttpGet m_get;
    QThread m_thread;
    DownloadWriter *m_writer; // lives in the thread
    qint64 m_received = 0;
    qint64 m_waiting = 0; // received, not yet written
    bool m_ended = false;
};

} // namespace Freshen
