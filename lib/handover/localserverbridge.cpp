// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/handover/localserverbridge.h"

#include "lib/common/convert.h"
#include "platform/unixaddress.h"

#include <QRandomGenerator>

#include <cerrno>

#include <sys/socket.h>
#include <unistd.h>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

using Platform::Descriptor;

// Qt has a way for sub-classes to receive connections, and none for others.
struct Reach : QLocalServer {
    static auto incoming() { return &Reach::incomingConnection; }
};

// Without a file, so that there is nothing to remove.
std::string standInName()
{
    return "@freshen-" + std::to_string(QRandomGenerator::system()->generate64());
}

} // namespace

Result<LocalServerBridge *> LocalServerBridge::install(QLocalServer *server, Descriptor listening,
                                                       const std::string &path)
{
    if (server->isListening())
        return failure(ErrorCode::CONFIG, "A server that listens already cannot take a socket.");
    int ends[2] = {-1, -1};
    const auto name = Platform::UnixAddress::fromName(standInName());
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return tl::unexpected<Error>(Platform::systemError("listen on", path, errno));
    Descriptor standIn(ends[0]);
    Descriptor peer(ends[1]);
    if (::bind(standIn.value(), name.data(), name.length) != 0)
        return tl::unexpected<Error>(Platform::systemError("listen on", path, errno));
    if (!server->listen(qintptr(standIn.value())))
        return failure(ErrorCode::IO,
                       u"Cannot listen on %1: %2."_s.arg(toQString(path), server->errorString()));
    standIn.release();
    return new LocalServerBridge(server, std::move(listening), std::move(peer));
}

LocalServerBridge::LocalServerBridge(QLocalServer *server, Descriptor listening,
                                     Descriptor standInPeer)
    : QObject(server)
    , m_server(server)
    , m_listening(std::move(listening))
    , m_standInPeer(std::move(standInPeer))
    , m_readable(m_listening.value(), QSocketNotifier::Read)
    , m_closed(m_standInPeer.value(), QSocketNotifier::Read)
{
    connect(&m_readable, &QSocketNotifier::activated, this, &LocalServerBridge::accept);
    connect(&m_closed, &QSocketNotifier::activated, this, &LocalServerBridge::serverClosed);
}

int LocalServerBridge::descriptor()
{
    if (!m_server->isListening())
        serverClosed();
    return m_listening.value();
}

// Another version may have been faster.
void LocalServerBridge::accept()
{
    if (!m_server->isListening()) {
        serverClosed();
        return;
    }
    const int fd = ::accept4(m_listening.value(), nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0)
        (m_server->*Reach::incoming())(quintptr(fd));
}

void LocalServerBridge::serverClosed()
{
    m_readable.setEnabled(false);
    m_closed.setEnabled(false);
    m_listening.reset();
    deleteLater();
}

} // namespace Freshen
