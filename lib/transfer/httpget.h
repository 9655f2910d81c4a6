// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/transfer/urlpolicy.h"
#include "lib/transfer/validators.h"

#include <QNetworkReply>
#include <QObject>
#include <QPointer>

class QNetworkAccessManager;

namespace Freshen {

// One GET: hands out the body as it arrives, follows a few redirects, each of which the policy
// must allow, and gives every failure its own words. Deleting it ends the transfer.
class HttpGet : public QObject
{
    Q_OBJECT

public:
    HttpGet(QNetworkAccessManager *manager, const UrlPolicy &policy, QObject *parent = nullptr);
    ~HttpGet() override;

    // Asks for the content only if it is no longer the one that these belong to.
    void setValidators(const Validators &validators) { m_known = validators; }

    void start(const QUrl &url);
    // Ends the transfer; nothing is told any more.
    void stop();
    // Where the answer came from in the end.
    QUrl finalUrl() const { return m_url; }
    // The content is still the known one, and was not sent again.
    bool isNotModified() const { return m_isNotModified; }
    // Those of the content that was received.
    Validators validators() const;
    // What the server says the length is; -1 when it does not.
    qint64 announcedLength() const;
    // While paused, at most a small buffer is taken from the network.
    void setPaused(bool paused);

Q_SIGNALS:
    void received(const QByteArray &bytes);
    void finished();
    void failed(const Freshen::Error &error);

private:
    QNetworkRequest prepared(const QUrl &url);
    void request(const QUrl &url);
    void judge();
    void redirect();
    void readAvailable();
    bool isWhole() const;
    void finish();
    void fail(const Error &error);

    QNetworkAccessManager *m_manager;
    UrlPolicy m_policy;
    Validators m_known;
    QUrl m_start;
    QUrl m_url;
    QPointer<QNetworkReply> m_reply;
    int m_redirects = 0;
    qint64 m_received = 0;
    bool m_isConditional = false; // the request of this very moment
    bool m_isNotModified = false;
    bool m_paused = false;
    bool m_done = false;
};

} // namespace Freshen
