// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/transfer/httpget.h"

#include <QByteArray>

namespace Freshen {

// A small file, fetched into memory; `tooLarge` is the error for one beyond the limit.
class Fetch : public QObject
{
    Q_OBJECT

public:
    Fetch(QNetworkAccessManager *manager, const UrlPolicy &policy, qint64 limit,
          ErrorCode tooLarge, QObject *parent = nullptr);

    // As those of HttpGet, as are the other functions with names from there.
    void setValidators(const Validators &validators) { m_get.setValidators(validators); }

    void start(const QUrl &url);
    bool isNotModified() const { return m_get.isNotModified(); }
    Validators validators() const { return m_get.validators(); }
    QUrl finalUrl() const { return m_get.finalUrl(); }
    const QByteArray &content() const { return m_content; }

Q_SIGNALS:
    void finished();
    void failed(const Freshen::Error &error);

private:
    void take(const QByteArray &bytes);

    HttpGet m_get;
    qint64 m_limit;
    ErrorCode m_tooLarge;
    QByteArray m_content;
};

} // namespace Freshen
