// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A web server that answers as it is told to: honestly, slowly, too much, too little, not at all.

#pragma once

#include <QHash>
#include <QTcpServer>
#include <QUrl>

#include <functional>
#include <optional>

namespace Freshen {

struct HttpAnswer {
    int status = 200;
    QByteArray content;
    QByteArrayList headers; // more of them, "Location: /other"

    enum class Length { Announced, Chunked, UntilTheEnd };
    Length length = Length::Announced;
    std::optional<qint64> announced; // instead of the content's size
    std::optional<qint64> cutAfter; // ends the connection after so much of the content
    std::optional<qint64> stallAfter; // says nothing more after so much of the content
    bool isEndless = false; // the content again and again
    qsizetype block = 64 * 1024; // bytes of the content per write
    int pauseMs = 0; // between two blocks
    QByteArray raw; // instead of everything else
    // Sent with the content, and what a request that brings it back is answered 304 for.
    QByteArray etag;
    QByteArray lastModified;
};

class HttpServer : public QObject
{
    Q_OBJECT

public:
    HttpServer();
    ~HttpServer() override;

    void serve(const QString &path, const HttpAnswer &answer) { m_answers[path] = answer; }
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
    friend class HttpConnection;
    void accept();

    QTcpServer m_server;
    QHash<QString, HttpAnswer> m_answers;
    QHash<QString, int> m_requests;
    QHash<QString, QByteArray> m_heads; // of the last requests
    int m_connections = 0;
    qint64 m_bytesSent = 0;
};

// Waits until it is so, at most two minutes. Never sleeps as QTRY_VERIFY does: the server works in
// this thread.
bool waitUntil(const std::function<bool()> &isSo);

} // namespace Freshen
