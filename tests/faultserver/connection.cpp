// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/faultserver/connection.h"

#include "tests/faultserver/faultserver_p.h"

#include <QSslSocket>

#include <algorithm>
#include <cmath>

namespace Freshen {

namespace {

constexpr qsizetype longestHead = 1 << 20;
constexpr qint64 fastBlock = 512 * 1024;
constexpr qint64 evenBlock = 16 * 1024;
constexpr int slicesPerSecond = 50;

QString pathOf(const QByteArray &target)
{
    const QByteArray address = target.startsWith('/') ? "http://host" + target : target;
    return QUrl::fromEncoded(address).path(QUrl::FullyDecoded);
}

} // namespace

FaultConnection::FaultConnection(FaultServer *server, QTcpSocket *socket)
    : QObject(server)
    , m_server(server)
    , m_socket(socket)
{
    m_server->d->count(1);
    m_socket->setParent(this);
    m_later.setSingleShot(true);
    m_later.setTimerType(Qt::PreciseTimer);
    const auto whenWritten = [this] {
        countSent();
        sendMore();
    };
    connect(m_socket, &QTcpSocket::readyRead, this, &FaultConnection::readRequest);
    connect(m_socket, &QTcpSocket::disconnected, this, &QObject::deleteLater);
    connect(m_socket, &QTcpSocket::bytesWritten, this, whenWritten);
    if (auto *tls = qobject_cast<QSslSocket *>(m_socket))
        connect(tls, &QSslSocket::encryptedBytesWritten, this, whenWritten);
}

FaultConnection::~FaultConnection()
{
    m_socket->disconnect(this);
    m_server->d->count(-1);
    if (m_index >= 0)
        Q_EMIT m_server->ended(request());
}

FaultRequest &FaultConnection::request() const
{
    return m_server->d->requests[m_index];
}

void FaultConnection::readRequest()
{
    const QByteArray bytes = m_socket->readAll();
    if (m_index >= 0)
        return;
    m_head += bytes;
    const qsizetype end = m_head.indexOf("\r\n\r\n");
    if (end < 0) {
        if (m_head.size() > longestHead)
            m_socket->abort();
        return;
    }
    m_head.truncate(end + 4);
    const QByteArrayList words = m_head.left(m_head.indexOf('\r')).split(' ');
    m_index = m_server->d->requests.size();
    m_server->d->requests.append({words[0], pathOf(words.value(1)), m_head});
    m_answer = m_server->d->answerFor(request().path);
    connect(&m_later, &QTimer::timeout, this, &FaultConnection::beginAnswer);
    m_later.start(m_answer.delayMs);
}

void FaultConnection::beginAnswer()
{
    m_later.disconnect(this);
    connect(&m_later, &QTimer::timeout, this, &FaultConnection::sendMore);
    m_reply = makeReply(m_answer, request());
    request().status = m_reply.status;
    m_padding = m_reply.head.isEmpty() ? 0 : m_answer.headerBytes;
    if (!m_reply.head.isEmpty())
        m_socket->write(m_padding > 0 ? m_reply.head : m_reply.head + "\r\n");
    m_sinceCredit.start();
    m_isAnswering = true;
    sendMore();
}

void FaultConnection::sendMore()
{
    if (!m_isAnswering || m_isEnded || pending() > 0)
        return;
    if (m_padding > 0)
        sendPadding();
    else if (left() > 0)
        sendBlock();
    else
        endAnswer();
}

void FaultConnection::sendPadding()
{
    const QByteArray name = "X-Padding: ";
    const qint64 size = std::clamp<qint64>(m_padding, name.size() + 3, 4096);
    const QByteArray line = name + QByteArray(size - name.size() - 2, 'x') + "\r\n";
    const qint64 count = std::clamp<qint64>(m_padding / size, 1, fastBlock / size);
    m_padding = std::max<qint64>(0, m_padding - count * size);
    m_socket->write(line.repeated(count) + (m_padding > 0 ? "" : "\r\n"));
}

void FaultConnection::sendBlock()
{
    const qint64 usual = m_answer.bytesPerSecond ? evenBlock : fastBlock;
    const qint64 wanted = std::min(left(), std::max<qint64>(1, m_answer.block.value_or(usual)));
    const qint64 size = affordable(wanted);
    if (size == 0)
        return;
    const QByteArray block = m_reply.content->read(size);
    if (block.isEmpty()) {
        endAnswer();
        return;
    }
    m_credit -= double(block.size());
    m_written += block.size();
    m_lastBlock = block.size();
    m_socket->write(
        m_reply.isChunked ? QByteArray::number(block.size(), 16) + "\r\n" + block + "\r\n" : block);
}

void FaultConnection::endAnswer()
{
    if (m_answer.stallAfter && m_written >= *m_answer.stallAfter)
        return;
    m_isEnded = true;
    if (m_reply.isChunked && !(m_answer.cutAfter && m_written >= *m_answer.cutAfter))
        m_socket->write("0\r\n\r\n");
    m_socket->disconnectFromHost();
}

qint64 FaultConnection::left() const
{
    const qint64 all = m_reply.length;
    return std::min({all, m_answer.cutAfter.value_or(all), m_answer.stallAfter.value_or(all)})
        - m_written;
}

// What could not be sent in time is made up for, but only what a second brings.
qint64 FaultConnection::affordable(qint64 wanted)
{
    if (!m_answer.bytesPerSecond)
        return wanted;
    const double rate = double(std::max<qint64>(1, *m_answer.bytesPerSecond));
    const double seconds = double(m_sinceCredit.nsecsElapsed()) / 1e9;
    m_sinceCredit.start();
    m_credit = std::min(rate, m_credit + rate * seconds);
    const double slice = std::min(double(wanted), std::ceil(rate / slicesPerSecond));
    if (m_credit >= slice)
        return std::min(wanted, qint64(m_credit));
    m_later.start(int(std::ceil((slice - m_credit) * 1000 / rate)));
    return 0;
}

void FaultConnection::countSent()
{
    if (m_index < 0)
        return;
    // Only the last block can still be on its way.
    request().bytesSent = m_written - std::min(pending(), m_lastBlock);
}

qint64 FaultConnection::pending() const
{
    const auto *tls = qobject_cast<const QSslSocket *>(m_socket);
    return m_socket->bytesToWrite() + (tls ? tls->encryptedBytesToWrite() : 0);
}

} // namespace Freshen
