// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/transfer/transfererror.h"
#include "lib/transfer/urlpolicy.h"
#include "lib/transfer/validators.h"

#include <QBasicTimer>
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
    // Asks for the bytes of the file itself, not packed for the way.
    void setUnpacked() { m_isUnpacked = true; }
    // Asks for these bytes of the file itself alone, provided that the file is still the one that
    // `known` belongs to; a `last` of -1 stands for the end.
    void setRange(qint64 first, qint64 last, const Validators &known);

    // What is read ahead, and handed out at once at most; before start().
    void setBufferSize(qint64 bytes) { m_bufferSize = bytes; }

    void start(const QUrl &url);
    // Ends the transfer; nothing is told any more.
    void stop();
    // Where the answer came from in the end.
    QUrl finalUrl() const { return m_url; }
    // The content is still the known one, and was not sent again.
    bool isNotModified() const { return m_isNotModified; }
    // The answer holds the bytes that setRange() asked for; otherwise it is the whole file.
    bool isPartial() const { return m_isPartial; }
    // Those of the content that was received.
    Validators validators() const;
    // The answer is a page for people, as that of a network which wants a login first.
    bool isWebPage() const;
    // What the server says the length of the whole file is; -1 when it does not.
    qint64 announcedLength() const;
    // While paused, at most a small buffer is taken from the network.
    void setPaused(bool paused);

Q_SIGNALS:
    // The head of an answer that will do is there; bytes follow.
    void answered();
    void received(const QByteArray &bytes);
    void finished();
    void failed(const Freshen::TransferError &error);

private:
    QNetworkRequest prepared(const QUrl &url);
    void addRange(QNetworkRequest &request) const;
    void request(const QUrl &url);
    void judge();
    bool isAskedPart() const;
    QUrl addressOfValidators() const;
    TransferError refusal() const;
    void redirect(const QUrl &target);
    void readAvailable();
    bool isWhole() const;
    void finish();
    void fail(const TransferError &error);
    void timerEvent(QTimerEvent *event) override;

    QNetworkAccessManager *m_manager;
    UrlPolicy m_policy;
    Validators m_known;
    QUrl m_start;
    QUrl m_url;
    QPointer<QNetworkReply> m_reply;
    QBasicTimer m_window;
    // Qt holds several times as much when nobody takes it.
    qint64 m_bufferSize = 512 << 10;
    qint64 m_inWindow = 0; // bytes
    qint64 m_first = -1; // of the range; -1: all that there is
    qint64 m_last = -1;
    int m_redirects = 0;
    qint64 m_received = 0;
    bool m_isUnpacked = false;
    bool m_isConditional = false; // the request of this very moment
    bool m_isNotModified = false;
    bool m_isPartial = false;
    bool m_isAnswered = false;
    bool m_paused = false;
    bool m_wasPaused = false; // in this window
    bool m_done = false;
};

} // namespace Freshen
