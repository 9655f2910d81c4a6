// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/handover/drain.h"

#include <Freshen/connection.h>

#include <QLocalSocket>
#include <QTcpSocket>

namespace Freshen {

namespace {

// How often servers are asked whether connections wait in them.
constexpr std::chrono::milliseconds lookInterval(50);

void endConnection(QObject *object)
{
    if (auto *const socket = qobject_cast<QAbstractSocket *>(object))
        socket->abort();
    else if (auto *const local = qobject_cast<QLocalSocket *>(object))
        local->abort();
    else if (auto *const device = qobject_cast<QIODevice *>(object))
        device->close();
}

} // namespace

Drain::Drain()
{
    m_deadline.setSingleShot(true);
    m_looks.setInterval(lookInterval);
    connect(&m_deadline, &QTimer::timeout, this, &Drain::abandon);
    connect(&m_looks, &QTimer::timeout, this, &Drain::look);
}

void Drain::watch(QObject *connection)
{
    m_watched.insert(connection);
    const auto gone = [this, connection] { forget(connection); };
    connect(connection, &QObject::destroyed, this, gone);
    if (auto *const socket = qobject_cast<QAbstractSocket *>(connection))
        connect(socket, &QAbstractSocket::disconnected, this, gone);
    else if (auto *const local = qobject_cast<QLocalSocket *>(connection))
        connect(local, &QLocalSocket::disconnected, this, gone);
    if (auto *const movable = qobject_cast<Connection *>(connection)) {
        connect(movable, &Connection::disconnected, this, gone);
        connect(movable, &Connection::moved, this, gone);
    } else if (auto *const device = qobject_cast<QIODevice *>(connection)) {
        connect(device, &QIODevice::aboutToClose, this, gone);
    }
}

void Drain::begin(std::chrono::milliseconds time, const std::function<bool()> &isDrained,
                  const std::function<void()> &done)
{
    m_isDrained = isDrained;
    m_done = done;
    m_deadline.start(time);
    m_looks.start();
    QMetaObject::invokeMethod(this, &Drain::look, Qt::QueuedConnection);
}

void Drain::forget(QObject *connection)
{
    if (m_watched.remove(connection) && m_done)
        QMetaObject::invokeMethod(this, &Drain::look, Qt::QueuedConnection);
}

void Drain::look()
{
    if (m_done && m_isDrained() && m_watched.isEmpty())
        end();
}

void Drain::abandon()
{
    const QList<QObject *> left = m_watched.values();
    m_abandonedCount += int(left.size());
    for (QObject *connection : left) {
        if (m_watched.contains(connection)) // not destroyed by the end of another
            endConnection(connection);
    }
    end();
}

void Drain::end()
{
    m_deadline.stop();
    m_looks.stop();
    const auto done = std::move(m_done);
    m_done = {};
    if (done)
        done();
}

} // namespace Freshen
