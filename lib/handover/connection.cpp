// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/connection.h>

#include "lib/handover/connection_p.h"

#include <QLocalSocket>
#include <QPointer>
#include <QSslSocket>
#include <QTcpSocket>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype readBlock = 64 * 1024;
constexpr qsizetype maximumUnread = 1024 * 1024; // then the other side has to wait

bool isTemporary(int number)
{
    return number == EAGAIN || number == EWOULDBLOCK || number == EINTR;
}

bool isStreamSocket(int fd)
{
    int type = 0;
    socklen_t size = sizeof(type);
    return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

// `abort` closes Qt's own descriptor without a word to the other side.
template<typename Socket>
Connection *takeFrom(Socket *socket, bool isConnected, QObject *parent)
{
    if (!isConnected || socket->bytesToWrite() > 0)
        return nullptr;
    const int fd = ::fcntl(int(socket->socketDescriptor()), F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return nullptr;
    auto *const connection = new Connection(fd, parent);
    ConnectionPrivate::of(connection).setBuffers({socket->readAll(), {}});
    socket->abort();
    return connection;
}

} // namespace

Connection::Connection(qintptr descriptor, QObject *parent)
    : QIODevice(parent)
    , d(std::make_unique<ConnectionPrivate>(this, Platform::Descriptor(int(descriptor))))
{
    if (!isStreamSocket(int(descriptor))) {
        setErrorString(u"This descriptor is no connected socket."_s);
        d->m_fd.reset();
        d->updateNotifiers();
        return;
    }
    ::fcntl(int(descriptor), F_SETFL, ::fcntl(int(descriptor), F_GETFL) | O_NONBLOCK);
    ::fcntl(int(descriptor), F_SETFD, FD_CLOEXEC);
    QIODevice::open(QIODevice::ReadWrite | QIODevice::Unbuffered);
}

Connection::~Connection() = default;

Connection *Connection::take(QTcpSocket *socket, QObject *parent)
{
    if (qobject_cast<QSslSocket *>(socket))
        return nullptr;
    return takeFrom(socket, socket->state() == QAbstractSocket::ConnectedState, parent);
}

Connection *Connection::take(QLocalSocket *socket, QObject *parent)
{
    return takeFrom(socket, socket->state() == QLocalSocket::ConnectedState, parent);
}

qintptr Connection::descriptor() const
{
    return d->m_fd.value();
}

bool Connection::isReadFinished() const
{
    return d->m_isReadFinished;
}

qint64 Connection::bytesAvailable() const
{
    return d->m_unread.size() + QIODevice::bytesAvailable();
}

qint64 Connection::bytesToWrite() const
{
    return d->m_unsent.size();
}

bool Connection::canReadLine() const
{
    return d->m_unread.contains('\n') || QIODevice::canReadLine();
}

void Connection::close()
{
    d->m_unread.clear();
    d->close();
    if (isOpen())
        QIODevice::close();
}

void Connection::closeWhenSent()
{
    d->m_closesWhenSent = true;
    d->writeSocket();
}

qint64 Connection::readData(char *data, qint64 maximum)
{
    if (d->m_isSuspended)
        return 0;
    const qsizetype size = std::min<qsizetype>(maximum, d->m_unread.size());
    std::memcpy(data, d->m_unread.constData(), std::size_t(size));
    d->m_unread.remove(0, size);
    d->updateNotifiers();
    return size == 0 && maximum > 0 && d->m_isReadFinished ? -1 : size;
}

qint64 Connection::writeData(const char *data, qint64 size)
{
    if (d->m_isSuspended || !d->m_fd.isOpen())
        return -1;
    const bool wasEmpty = d->m_unsent.isEmpty();
    d->m_unsent.append(data, size);
    if (wasEmpty)
        QMetaObject::invokeMethod(
            this, [this] { d->writeSocket(); }, Qt::QueuedConnection);
    return size;
}

ConnectionPrivate::ConnectionPrivate(Connection *connection, Platform::Descriptor descriptor)
    : q(connection)
    , m_fd(std::move(descriptor))
{
    if (!m_fd.isOpen())
        return;
    m_readable.emplace(m_fd.value(), QSocketNotifier::Read);
    m_writable.emplace(m_fd.value(), QSocketNotifier::Write);
    QObject::connect(&*m_readable, &QSocketNotifier::activated, q, [this] { readSocket(); });
    QObject::connect(&*m_writable, &QSocketNotifier::activated, q, [this] { writeSocket(); });
    updateNotifiers();
}

void ConnectionPrivate::updateNotifiers()
{
    if (!m_fd.isOpen()) {
        m_readable.reset();
        m_writable.reset();
        return;
    }
    m_readable->setEnabled(!m_isSuspended && !m_isReadFinished && m_unread.size() < maximumUnread);
    m_writable->setEnabled(!m_isSuspended && !m_unsent.isEmpty());
}

void ConnectionPrivate::readSocket()
{
    if (m_isSuspended || !m_fd.isOpen())
        return;
    const qsizetype before = m_unread.size();
    m_unread.resize(before + readBlock);
    const ssize_t size = ::recv(m_fd.value(), m_unread.data() + before, readBlock, 0);
    const int number = errno;
    m_unread.resize(before + std::max<ssize_t>(size, 0));
    m_isReadFinished = size == 0;
    updateNotifiers();
    if (size > 0)
        Q_EMIT q->readyRead();
    else if (size == 0)
        Q_EMIT q->readChannelFinished();
    else if (!isTemporary(number))
        close();
}

void ConnectionPrivate::writeSocket()
{
    if (m_isSuspended || !m_fd.isOpen())
        return;
    if (!m_unsent.isEmpty()) {
        const ssize_t size = ::send(m_fd.value(), m_unsent.constData(),
                                    std::size_t(m_unsent.size()), MSG_NOSIGNAL);
        if (size < 0 && !isTemporary(errno)) {
            close();
            return;
        }
        m_unsent.remove(0, std::max<ssize_t>(size, 0));
        const QPointer<Connection> guard(q);
        if (size > 0)
            Q_EMIT q->bytesWritten(size);
        if (!guard || !m_fd.isOpen())
            return;
    }
    updateNotifiers();
    if (m_closesWhenSent && m_unsent.isEmpty())
        close();
}

void ConnectionPrivate::close()
{
    if (!m_fd.isOpen())
        return;
    m_readable.reset();
    m_writable.reset();
    m_fd.reset();
    m_unsent.clear();
    // What was read stays readable as long as the device counts as open.
    if (m_unread.isEmpty())
        q->QIODevice::close();
    Q_EMIT q->disconnected();
}

bool ConnectionPrivate::suspend()
{
    if (!m_fd.isOpen() || m_isSuspended || m_closesWhenSent)
        return false;
    // What QIODevice itself has taken back, by ungetChar() or peek(), comes first.
    const QByteArray first = q->readAll();
    m_unread = first + m_unread;
    m_isSuspended = true;
    updateNotifiers();
    return true;
}

void ConnectionPrivate::resume()
{
    m_isSuspended = false;
    updateNotifiers();
    if (!m_unread.isEmpty())
        Q_EMIT q->readyRead();
}

void ConnectionPrivate::setBuffers(const Buffers &buffers)
{
    m_unread = buffers.unread;
    m_unsent = buffers.unsent;
    updateNotifiers();
    if (!m_unread.isEmpty() && !m_isSuspended)
        QMetaObject::invokeMethod(q, &QIODevice::readyRead, Qt::QueuedConnection);
}

void ConnectionPrivate::forget()
{
    m_isSuspended = false;
    m_unread.clear();
    m_unsent.clear();
    m_readable.reset();
    m_writable.reset();
    m_fd.reset();
    q->QIODevice::close();
    Q_EMIT q->moved();
}

} // namespace Freshen
