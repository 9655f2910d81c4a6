// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A QLocalServer on a listening socket that is not its own. Qt's server would remove the socket's
// file when it closes, and would close when another process took a connection first. So it gets a
// quiet stand-in, and the bridge hands it the connections.

#pragma once

#include "platform/file.h"

#include <QLocalServer>
#include <QSocketNotifier>

namespace Freshen {

class LocalServerBridge : public QObject
{
    Q_OBJECT

public:
    // Owned by the server; gone, with the socket, once that is closed or destroyed.
    static Result<LocalServerBridge *> install(QLocalServer *server, Platform::Descriptor listening,
                                               const std::string &path);

    // -1 once the server is closed.
    int descriptor();
    // Accepts no more.
    void stop() { m_readable.setEnabled(false); }

private:
    LocalServerBridge(QLocalServer *server, Platform::Descriptor listening,
                      Platform::Descriptor standInPeer);
    void accept();
    void serverClosed();

    QLocalServer *m_server;
    Platform::Descriptor m_listening;
    Platform::Descriptor m_standInPeer;
    QSocketNotifier m_readable;
    QSocketNotifier m_closed;
};

} // namespace Freshen
