// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/core_export.h>

#include <QIODevice>

#include <memory>

class QLocalSocket;
class QTcpSocket;

namespace Freshen {

class ConnectionPrivate;

/*!
 * A plain TCP or Unix stream connection that can be moved to the next version of the program in the
 * middle of a reply, with what was not read and not sent yet: see Handover::move().
 *
 * Qt's own sockets do not give back what they have not sent yet; this one keeps it itself. There is
 * no TLS: such connections are drained, never moved. Use it in one thread, with an event loop.
 * \since 0.1
 */
class FRESHEN_CORE_EXPORT Connection : public QIODevice
{
    Q_OBJECT

public:
    //! Takes over a connected stream socket, which is closed with this object. Open at once, unless
    //! the descriptor is none: then isOpen() is false and errorString() tells why.
    explicit Connection(qintptr descriptor, QObject *parent = nullptr);
    ~Connection() override;

    //! Takes a connection over from Qt, with what was not read yet; the socket is left closed.
    //! Null, and nothing is changed, while the socket still has bytesToWrite(), is not connected,
    //! or is a QSslSocket.
    static Connection *take(QTcpSocket *socket, QObject *parent = nullptr);
    static Connection *take(QLocalSocket *socket, QObject *parent = nullptr);

    //! The open socket, -1 when there is none.
    qintptr descriptor() const;
    //! Whether the other side has ended its part; what it sent before can still be read.
    bool isReadFinished() const;

    bool isSequential() const override { return true; }
    qint64 bytesAvailable() const override;
    qint64 bytesToWrite() const override;
    bool canReadLine() const override;
    //! Closes at once; what was not sent is lost. See disconnected().
    void close() override;
    //! Closes as soon as everything is sent.
    void closeWhenSent();

Q_SIGNALS:
    //! The connection is over: the other side reset it, or close() was called. What could be read
    //! was read.
    void disconnected();
    //! Another version is about to serve: the owner should close this connection once the reply
    //! under way is sent (an HTTP server answers "Connection: close").
    void leaveRequested();
    //! The next version serves this connection now; this object is closed and of no more use.
    void moved();
    //! The next version did not take it; it goes on here as if nothing had happened.
    void stayed();

protected:
    qint64 readData(char *data, qint64 maximum) override;
    qint64 writeData(const char *data, qint64 size) override;

private:
    friend class ConnectionPrivate;
    std::unique_ptr<ConnectionPrivate> d;
};

} // namespace Freshen
