// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/handover/socketregistry.h"

#include "lib/common/convert.h"
#include "lib/handover/localserverbridge.h"

#include <QTcpServer>
#include <QUdpSocket>

#include <algorithm>

#include <fcntl.h>

namespace Freshen {

using namespace Qt::StringLiterals;
using Platform::Descriptor;
using Platform::SocketAddress;

namespace {

Descriptor duplicate(int fd)
{
    return Descriptor(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

tl::unexpected<Error> notTaken(const SocketAddress &address, const QString &reason)
{
    return failure(ErrorCode::IO,
                   u"Cannot listen on %1: %2."_s.arg(toQString(address.toText()), reason));
}

} // namespace

void SocketRegistry::addInherited(std::vector<Platform::NamedDescriptor> descriptors)
{
    std::move(descriptors.begin(), descriptors.end(), std::back_inserter(m_inherited));
}

QStringList SocketRegistry::inheritedNames() const
{
    QStringList names;
    for (const auto &inherited : m_inherited)
        names.append(toQString(inherited.name));
    return names;
}

Descriptor SocketRegistry::takeInherited(const std::string &name)
{
    const auto found = std::find_if(m_inherited.begin(), m_inherited.end(),
                                    [&name](const auto &one) { return one.name == name; });
    if (found == m_inherited.end())
        return {};
    Descriptor taken = std::move(found->descriptor);
    m_inherited.erase(found);
    return taken;
}

Result<SocketRegistry::Found> SocketRegistry::findOrOpen(const SocketAddress &address,
                                                         const Opener &opener)
{
    removeGone();
    // Every socket with port 0 is another one.
    const bool isUnique = !address.isUnix() && address.port == 0;
    const auto fits = [&address](const Platform::NamedDescriptor &one) {
        return Platform::addressOf(one.descriptor.value()) == address;
    };
    auto found = std::find_if(m_inherited.begin(), m_inherited.end(), fits);
    if (found != m_inherited.end() && !isUnique) {
        Found taken{std::move(found->descriptor), std::move(found->name)};
        m_inherited.erase(found);
        claimFile(address);
        return taken;
    }
    auto opened = opener();
    if (!opened)
        return failure(opened);
    const auto real = Platform::addressOf(opened->value());
    if (!real || real->kind != address.kind)
        return failure(ErrorCode::CONFIG,
                       "What was opened for " + address.toText() + " is another kind of socket.");
    if (const auto file = Platform::socketFileOf(*real))
        m_files[file->path.string()] = file->identity;
    return Found{std::move(*opened), {}};
}

void SocketRegistry::claimFile(const SocketAddress &address)
{
    if (auto node = m_inheritedFiles.extract(address.path))
        m_files.insert(std::move(node));
}

Result<void> SocketRegistry::open(QTcpServer *server, const SocketAddress &address,
                                  const Opener &opener)
{
    auto found = findOrOpen(address, opener);
    if (!found)
        return failure(found);
    if (!server->setSocketDescriptor(found->descriptor.value()))
        return notTaken(address, server->errorString());
    found->descriptor.release();
    add(server, found->name);
    return {};
}

Result<void> SocketRegistry::open(QUdpSocket *socket, const SocketAddress &address,
                                  const Opener &opener)
{
    auto found = findOrOpen(address, opener);
    if (!found)
        return failure(found);
    if (!socket->setSocketDescriptor(found->descriptor.value(), QUdpSocket::BoundState))
        return notTaken(address, socket->errorString());
    found->descriptor.release();
    add(socket, found->name);
    return {};
}

Result<void> SocketRegistry::open(QLocalServer *server, const SocketAddress &address,
                                  const Opener &opener)
{
    auto found = findOrOpen(address, opener);
    if (!found)
        return failure(found);
    const auto bridge = LocalServerBridge::install(server, std::move(found->descriptor),
                                                   address.path);
    if (!bridge)
        return failure(bridge);
    Registered entry;
    entry.name = found->name;
    entry.object = *bridge;
    entry.isObject = true;
    entry.number = [bridge = *bridge] { return bridge->descriptor(); };
    entry.isDrained = [bridge = *bridge, server] {
        bridge->stop();
        return !server->hasPendingConnections();
    };
    entry.close = [server] { server->close(); };
    m_registered.push_back(std::move(entry));
    return {};
}

Result<Descriptor> SocketRegistry::open(const SocketAddress &address, const Opener &opener)
{
    auto found = findOrOpen(address, opener);
    if (!found)
        return failure(found);
    Descriptor forCaller = duplicate(found->descriptor.value());
    const std::string name = found->name.empty() ? address.toText() : found->name;
    add(name, std::move(found->descriptor));
    return forCaller;
}

void SocketRegistry::add(QTcpServer *server, const std::string &name)
{
    Registered entry;
    entry.name = name;
    entry.object = server;
    entry.isObject = true;
    entry.number = [server] { return int(server->socketDescriptor()); };
    entry.isDrained = [server] {
        server->pauseAccepting();
        return !server->hasPendingConnections();
    };
    entry.close = [server] { server->close(); };
    m_registered.push_back(std::move(entry));
}

void SocketRegistry::add(QUdpSocket *socket, const std::string &name)
{
    Registered entry;
    entry.name = name;
    entry.object = socket;
    entry.isObject = true;
    entry.number = [socket] { return int(socket->socketDescriptor()); };
    entry.isDrained = [] { return true; };
    entry.close = [socket] { socket->close(); };
    m_registered.push_back(std::move(entry));
}

void SocketRegistry::add(const std::string &name, Descriptor descriptor)
{
    std::erase_if(m_registered,
                  [&name](const Registered &one) { return !one.isObject && one.name == name; });
    Registered entry;
    entry.name = name;
    entry.own = std::move(descriptor);
    m_registered.push_back(std::move(entry));
}

void SocketRegistry::removeGone()
{
    std::erase_if(m_registered, [](const Registered &one) {
        return one.isObject && (!one.object || one.number() < 0);
    });
}

std::vector<SocketRegistry::Entry> SocketRegistry::entries()
{
    removeGone();
    std::vector<Entry> all;
    for (const Registered &one : m_registered) {
        Entry entry{one.name, one.isObject ? one.number() : one.own.value()};
        if (entry.name.empty()) {
            const auto address = Platform::addressOf(entry.descriptor);
            entry.name = address ? address->toText() : std::string();
        }
        all.push_back(std::move(entry));
    }
    return all;
}

QCborMap SocketRegistry::ownedFiles() const
{
    QCborMap files;
    for (const auto &[path, identity] : m_files)
        files[toQString(path)] = toQString(identity);
    return files;
}

void SocketRegistry::setInheritedFiles(const QCborMap &files)
{
    for (const auto &[path, identity] : files)
        m_inheritedFiles[toStdString(path.toString())] = toStdString(identity.toString());
}

void SocketRegistry::removeFiles()
{
    for (const auto &[path, identity] : m_files)
        Platform::removeSocketFile({path, identity});
    m_files.clear();
}

void SocketRegistry::closeInherited()
{
    for (const auto &inherited : m_inherited) {
        if (m_inheritedFiles.empty())
            break;
        const auto address = Platform::addressOf(inherited.descriptor.value());
        const auto owned = m_inheritedFiles.find(address ? address->path : std::string());
        if (owned != m_inheritedFiles.end())
            Platform::removeSocketFile({owned->first, owned->second});
    }
    m_inherited.clear();
    // Those of servers that the version before had closed itself, or that are plain files here.
    m_files.merge(m_inheritedFiles);
    m_inheritedFiles.clear();
}

bool SocketRegistry::stopAccepting()
{
    // Nobody would notice here what comes to them.
    std::erase_if(m_registered, [](const Registered &one) { return !one.isObject; });
    removeGone();
    bool isDrained = true;
    for (const Registered &one : m_registered) {
        const bool isDone = one.isDrained();
        if (isDone)
            one.close();
        isDrained = isDrained && isDone;
    }
    return isDrained;
}

void SocketRegistry::closeAll()
{
    removeGone();
    for (const Registered &one : m_registered) {
        if (one.isObject)
            one.close();
    }
    m_registered.clear();
}

} // namespace Freshen
