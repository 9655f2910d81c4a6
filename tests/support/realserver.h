// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Servers of the real world, each a process of the test's own with its files in a temporary folder,
// on loopback. isAvailable(): the system or the set-up script's cache has the program.

#pragma once

#include "tests/support/reservedport.h"

#include <QDateTime>
#include <QProcess>
#include <QTemporaryDir>
#include <QUrl>

namespace Freshen {

class RealServer
{
public:
    virtual ~RealServer();

    // Starts it at a free port; returns once it accepts connections, false if it never does.
    bool start();
    // Ends it, connections and all, and starts it at the same port.
    bool restart();
    int port() const { return m_port.number(); }
    // Everything that it said so far.
    QByteArray said();

protected:
    virtual QByteArray configuration() const = 0;
    QString file(const QString &name) const { return m_folder.filePath(name); }

    struct Program {
        QString path;
        QStringList arguments; // the configuration is "server.conf"
        QByteArray isReady; // what it says when it accepts connections
    };
    explicit RealServer(const Program &program);

private:
    bool launch();
    void end();
    bool isListening();

    Program m_program;
    QTemporaryDir m_folder;
    QProcess m_process;
    QByteArray m_said;
    ReservedPort m_port;
};

// A request as nginx noted it.
struct ServedRequest {
    QByteArray path;
    int status = 0;
    QByteArray protocol; // "HTTP/2.0"
    qint64 bytesSent = 0; // head included
    QByteArray encoding; // of the content, "gzip"
    QByteArray range; // that was asked for
};

// A web server that serves a folder.
class NginxServer : public RealServer
{
public:
    struct Options {
        QByteArray address = "127.0.0.1"; // "[::1]"
        QString certificate; // with its key: TLS, and HTTP/2 over it
        QString key;
        QByteArray directives; // more of them
    };

    static bool isAvailable();
    NginxServer();
    explicit NginxServer(const Options &options);

    QString folder() const;
    // `changed`: when its last change was; by default now.
    void serve(const QString &name, const QByteArray &content, const QDateTime &changed = {}) const;
    // `host`: another name of this computer.
    QUrl url(const QString &name, const QString &host = {}) const;
    // Those that ended, in order. An answer can be here before its line.
    QList<ServedRequest> requests() const;

protected:
    QByteArray configuration() const override;

private:
    Options m_options;
};

// A proxy that asks for a name and a password if it has them.
class TinyproxyServer : public RealServer
{
public:
    static bool isAvailable();
    explicit TinyproxyServer(const QByteArray &user = {}, const QByteArray &password = {});

    // What environment variables hold; with a login if there is a user.
    QByteArray address(const QByteArray &user = {}, const QByteArray &password = {}) const;
    // How many requests it got.
    int requests() { return int(said().count(": GET ") + said().count(": CONNECT ")); }

protected:
    QByteArray configuration() const override;

private:
    QByteArray m_login;
};

} // namespace Freshen
