// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Every descriptor that the next version gets. A server or socket of Qt's has one owner, itself:
// once it is closed it is no part of this any more.

#pragma once

#include "platform/inherited.h"
#include "platform/socket.h"

#include <QCborMap>
#include <QObject>
#include <QPointer>
#include <QStringList>

#include <map>

class QLocalServer;
class QTcpServer;
class QUdpSocket;

namespace Freshen {

class SocketRegistry
{
public:
    using Opener = std::function<Result<Platform::Descriptor>()>;

    // What is handed on: stays the registry's.
    struct Entry {
        std::string name;
        int descriptor = -1;
    };

    void addInherited(std::vector<Platform::NamedDescriptor> descriptors);
    std::size_t inheritedCount() const { return m_inherited.size(); }
    QStringList inheritedNames() const;
    Platform::Descriptor takeInherited(const std::string &name);

    // The inherited one that is there, else a new one.
    Result<void> open(QTcpServer *server, const Platform::SocketAddress &address,
                      const Opener &opener);
    Result<void> open(QLocalServer *server, const Platform::SocketAddress &address,
                      const Opener &opener);
    Result<void> open(QUdpSocket *socket, const Platform::SocketAddress &address,
                      const Opener &opener);
    Result<Platform::Descriptor> open(const Platform::SocketAddress &address, const Opener &opener);

    void add(QTcpServer *server, const std::string &name = {});
    void add(QUdpSocket *socket, const std::string &name = {});
    void add(const std::string &name, Platform::Descriptor descriptor);

    // All that is still open. Sockets without a name of their own are called by their address.
    std::vector<Entry> entries();

    // The socket files that this version may remove: those that it or a version before made.
    QCborMap ownedFiles() const;
    void setInheritedFiles(const QCborMap &files);
    void removeFiles();

    // Closes what nobody took, and removes its socket files.
    void closeInherited();
    // False while a server still holds connections that the program did not take.
    bool stopAccepting();
    void closeAll();

private:
    struct Registered {
        std::string name;
        QPointer<QObject> object;
        std::function<int()> number;
        std::function<bool()> isDrained; // stops accepting
        std::function<void()> close;
        Platform::Descriptor own;
        bool isObject = false;
    };
    struct Found {
        Platform::Descriptor descriptor;
        std::string name;
    };

    Result<Found> findOrOpen(const Platform::SocketAddress &address, const Opener &opener);
    void claimFile(const Platform::SocketAddress &address);
    void removeGone();

    std::vector<Platform::NamedDescriptor> m_inherited;
    std::vector<Registered> m_registered;
    std::map<std::string, std::string> m_inheritedFiles; // path and identity
    std::map<std::string, std::string> m_files;
};

} // namespace Freshen
