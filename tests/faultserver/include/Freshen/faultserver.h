// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A web server that answers as it is told to: honestly, slowly, too much, too little, not at all.

#pragma once

#include <Freshen/faultanswer.h>

#include <QHash>
#include <QTcpServer>
#include <QUrl>

namespace Freshen {

class FRESHEN_FAULTSERVER_EXPORT FaultServer : public QObject
{
    Q_OBJECT

public:
    FaultServer();
    ~FaultServer() override;

    void serve(const QString &path, const FaultAnswer &answer) { m_answers[path] = answer; }
    void serve(const QString &path, const QByteArray &content);
    void redirect(const QString &path, const QByteArray &target, int status = 302);
    // Everything else is answered with 404.
    QUrl url(const QString &path) const;
    // An address at which nobody listens.
    static QUrl deadUrl();

    int requests(const QString &path) const { return m_requests.value(path); }
    // The last request's value of a header; null where it has none.
    QByteArray header(const QString &path, const QByteArray &name) const;
    int connections() const { return m_connections; }
    // Bytes of content that the system took.
    qint64 bytesSent() const { return m_bytesSent; }

private:
    friend class FaultConnection;
    void accept();

    QTcpServer m_server;
    QHash<QString, FaultAnswer> m_answers;
    QHash<QString, int> m_requests;
    QHash<QString, QByteArray> m_heads; // of the last requests
    int m_connections = 0;
    qint64 m_bytesSent = 0;
};

} // namespace Freshen
