// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/faultserver/rawclient.h"

#include "tests/support/waituntil.h"

namespace Freshen {

RawClient::RawClient(const QUrl &url, const QByteArrayList &headers, const QByteArray &method)
{
    QObject::connect(&m_socket, &QTcpSocket::readyRead, &m_socket, [this] {
        const QByteArray bytes = m_socket.readAll();
        m_count += bytes.size();
        if (!m_discards)
            m_received += bytes;
    });
    m_socket.connectToHost(url.host(), quint16(url.port()));
    m_socket.write(method + ' ' + url.toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority)
                   + " HTTP/1.1\r\nHost: test\r\n");
    for (const QByteArray &header : headers)
        m_socket.write(header + "\r\n");
    m_socket.write("\r\n");
}

void RawClient::waitForEnd()
{
    waitUntil([this] { return m_socket.state() == QAbstractSocket::UnconnectedState; });
}

int RawClient::status() const
{
    return m_received.split(' ').value(1).toInt();
}

QByteArray RawClient::head() const
{
    return m_received.left(m_received.indexOf("\r\n\r\n") + 2);
}

QByteArray RawClient::body() const
{
    const qsizetype end = m_received.indexOf("\r\n\r\n");
    return end < 0 ? QByteArray() : m_received.mid(end + 4);
}

QByteArray RawClient::header(const QByteArray &name) const
{
    const QByteArray begin = "\r\n" + name + ": ";
    const qsizetype at = head().indexOf(begin);
    if (at < 0)
        return {};
    const qsizetype from = at + begin.size();
    return head().mid(from, head().indexOf("\r\n", from) - from);
}

} // namespace Freshen
