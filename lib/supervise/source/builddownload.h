// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/transfer/download.h"
#include "lib/transfer/fetch.h"

namespace Freshen {

// What is to be fetched of a build, and how.
struct BuildRequest {
    QUrl url;
    std::optional<QUrl> signature; // its address, where there may be one
    UrlPolicy policy;
    QList<int> absent = {404, 410}; // statuses that say that there is no signature
    QString file;
    qint64 length = -1; // -1: nobody knows it
    qint64 maximumSize = 0;
    QString sha256; // as that of DownloadRequest
};

// The address of the signature beside a file.
QUrl signatureBeside(const QUrl &url);

// Fetches a build to the disk, and its signature after it, because publishers put it there last.
// Goes on where an earlier one was interrupted. Deleting it ends it.
class BuildDownload : public QObject
{
    Q_OBJECT

public:
    BuildDownload(QNetworkAccessManager *manager, const BuildRequest &request);

    void start() { m_download.start(); }
    // Of the file.
    const Validators &validators() const { return m_download.validators(); }
    // Empty where there is none.
    const QByteArray &signature() const { return m_signature; }
    // As that of Download, after a failure.
    std::optional<std::chrono::seconds> retryAfter() const { return m_retryAfter; }

Q_SIGNALS:
    void progressed(qint64 done, qint64 total);
    void finished();
    void failed(const Freshen::Error &error);

private:
    void fetchSignature();
    UrlPolicy signaturePolicy();

    BuildRequest m_request;
    QNetworkAccessManager *m_manager;
    Download m_download;
    std::unique_ptr<Fetch> m_fetch;
    QByteArray m_signature;
    std::optional<std::chrono::seconds> m_retryAfter;
    bool m_isUnsigned = false;
};

} // namespace Freshen
