// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/faultserver.h>

#include <QTcpSocket>
#include <QTimer>

#include <algorithm>
#include <limits>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

QByteArray headerOf(const QByteArray &head, const QByteArray &name)
{
    const QByteArray begin = name.toLower() + ": ";
    for (const QByteArray &line : head.split('\n')) {
        if (line.toLower().startsWith(begin))
            return line.mid(begin.size()).trimmed();
    }
    return {};
}

// As RFC 9110 has it: the date counts only where no tag is asked for.
bool isUnmodified(const FaultAnswer &answer, const QByteArray &head)
{
    const QByteArray etag = headerOf(head, "If-None-Match");
    const QByteArray date = headerOf(head, "If-Modified-Since");
    return !etag.isEmpty() ? etag == answer.etag : !date.isEmpty() && date == answer.lastModified;
}

} // namespace

// One request and its answer; then the connection ends.
class FaultConnection : public QObject
{
public:
    FaultConnection(FaultServer *server, QTcpSocket *socket)
        : QObject(server)
        , m_server(server)
        , m_socket(socket)
    {
        ++m_server->m_connections;
        m_socket->setParent(this);
        connect(m_socket, &QTcpSocket::readyRead, this, &FaultConnection::readRequest);
        connect(m_socket, &QTcpSocket::disconnected, this, &QObject::deleteLater);
        connect(m_socket, &QTcpSocket::bytesWritten, this, [this](qint64 bytes) {
            m_server->m_bytesSent += bytes;
            if (m_socket->bytesToWrite() == 0)
                QTimer::singleShot(m_answer.pauseMs, this, &FaultConnection::sendBlock);
        });
    }

    ~FaultConnection() override
    {
        --m_server->m_connections;
    }

private:
    void readRequest()
    {
        m_request += m_socket->readAll();
        if (!m_request.contains("\r\n\r\n") || m_isAnswered)
            return;
        m_isAnswered = true;
        const QString path = QUrl(QString::fromLatin1(m_request.split(' ').value(1))).path();
        ++m_server->m_requests[path];
        m_server->m_heads[path] = m_request;
        m_answer = m_server->m_answers.value(path, {404, "<html>not here</html>", {}});
        if (isUnmodified(m_answer, m_request)) {
            m_answer.status = 304;
            m_answer.announced = m_answer.announced.value_or(m_answer.content.size());
            m_answer.content.clear();
        }
        m_socket->write(m_answer.raw.isEmpty() ? head() : m_answer.raw);
        // The head is none of the content.
        m_server->m_bytesSent -= m_socket->bytesToWrite();
    }

    QByteArray head() const
    {
        QByteArray text = "HTTP/1.1 " + QByteArray::number(m_answer.status) + " Told so\r\n"
            "Connection: close\r\n";
        if (m_answer.length == FaultAnswer::Length::Chunked)
            text += "Transfer-Encoding: chunked\r\n";
        if (m_answer.length == FaultAnswer::Length::Announced)
            text += "Content-Length: "
                + QByteArray::number(m_answer.announced.value_or(m_answer.content.size())) + "\r\n";
        if (!m_answer.etag.isEmpty())
            text += "ETag: " + m_answer.etag + "\r\n";
        if (!m_answer.lastModified.isEmpty())
            text += "Last-Modified: " + m_answer.lastModified + "\r\n";
        for (const QByteArray &header : m_answer.headers)
            text += header + "\r\n";
        return text + "\r\n";
    }

    qint64 end() const
    {
        const qint64 all = m_answer.isEndless ? std::numeric_limits<qint64>::max()
                                              : m_answer.content.size();
        return std::min({all, m_answer.cutAfter.value_or(all), m_answer.stallAfter.value_or(all)});
    }

    void sendBlock()
    {
        if (m_isEnded)
            return;
        const qint64 left = m_answer.raw.isEmpty() ? end() - m_sent : 0;
        if (left > 0) {
            const qint64 place = m_sent % m_answer.content.size();
            send(m_answer.content.mid(place, std::min<qint64>(left, m_answer.block)));
        } else if (!m_answer.stallAfter) {
            m_isEnded = true;
            if (m_answer.length == FaultAnswer::Length::Chunked && !m_answer.cutAfter)
                m_socket->write("0\r\n\r\n");
            m_socket->disconnectFromHost();
        }
    }

    void send(const QByteArray &block)
    {
        m_sent += block.size();
        const bool isChunked = m_answer.length == FaultAnswer::Length::Chunked;
        m_socket->write(isChunked ? QByteArray::number(block.size(), 16) + "\r\n" + block + "\r\n"
                                  : block);
    }

    FaultServer *m_server;
    QTcpSocket *m_socket;
    QByteArray m_request;
    FaultAnswer m_answer;
    qint64 m_sent = 0;
    bool m_isAnswered = false;
    bool m_isEnded = false;
};

FaultServer::FaultServer()
{
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("The web server cannot listen: %s", qPrintable(m_server.errorString()));
    connect(&m_server, &QTcpServer::newConnection, this, &FaultServer::accept);
}

// Connections count themselves here, so they go first.
FaultServer::~FaultServer()
{
    qDeleteAll(children());
}

void FaultServer::accept()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection())
        new FaultConnection(this, socket);
}

void FaultServer::serve(const QString &path, const QByteArray &content)
{
    FaultAnswer answer;
    answer.content = content;
    serve(path, answer);
}

void FaultServer::redirect(const QString &path, const QByteArray &target, int status)
{
    serve(path, {status, "<html>elsewhere</html>", {"Location: " + target}});
}

QUrl FaultServer::url(const QString &path) const
{
    return QUrl(u"http://127.0.0.1:%1%2"_s.arg(m_server.serverPort()).arg(path));
}

QByteArray FaultServer::header(const QString &path, const QByteArray &name) const
{
    return headerOf(m_heads.value(path), name);
}

QUrl FaultServer::deadUrl()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return QUrl(u"http://127.0.0.1:%1/"_s.arg(server.serverPort()));
}

} // namespace Freshen
