// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/transfer/attempts.h"
#include "lib/transfer/httpget.h"

#include <QByteArray>
#include <QTimer>

#include <memory>

namespace Freshen {

// A small file, fetched into memory; `tooLarge` is the error for one beyond the limit. What may
// pass is tried again, and what one address does not have is asked of the next.
class Fetch : public QObject
{
    Q_OBJECT

public:
    Fetch(QNetworkAccessManager *manager, const UrlPolicy &policy, qint64 limit,
          ErrorCode tooLarge, QObject *parent = nullptr);

    // Other content than the one with this hash, in lower-case hexadecimal, is none: HASH.
    void setHash(const QString &sha256) { m_sha256 = sha256; }
    // As those of HttpGet, as are the other functions with names from there.
    void setValidators(const Validators &validators) { m_known = validators; }

    void start(const QUrl &url) { start(QList<QUrl>{url}); }
    // Addresses of the same file, the best first.
    void start(const QList<QUrl> &urls);
    bool isNotModified() const { return m_get->isNotModified(); }
    Validators validators() const { return m_get->validators(); }
    QUrl finalUrl() const { return m_get->finalUrl(); }
    // The one of the addresses that had it.
    QUrl url() const { return m_attempts->url(); }
    const QByteArray &content() const { return m_content; }
    // As those of Download.
    qint64 bytesReceived() const { return m_received; }
    QList<SourceFailure> failures() const { return m_attempts->failures(); }
    std::optional<std::chrono::seconds> retryAfter() const { return m_attempts->retryAfter(); }

Q_SIGNALS:
    void finished();
    void failed(const Freshen::Error &error);

private:
    void ask();
    void take(const QByteArray &bytes);
    void finish();
    void fail(const TransferError &error);
    void end(const Error &error);

    QNetworkAccessManager *m_manager;
    UrlPolicy m_policy;
    qint64 m_limit;
    ErrorCode m_tooLarge;
    QString m_sha256;
    Validators m_known;
    std::optional<Attempts> m_attempts;
    std::unique_ptr<HttpGet> m_get;
    QTimer m_retry;
    QTimer m_deadline;
    QByteArray m_content;
    qint64 m_received = 0;
};

} // namespace Freshen
