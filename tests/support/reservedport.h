// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QTcpServer>

#include <algorithm>
#include <cstddef>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace Freshen {

// A port for a server that is still to be started. No other test takes it while this lives, and no
// connection: those begin above.
class ReservedPort
{
public:
    ReservedPort()
    {
        while (!take(first + m_number % count))
            ++m_number;
        m_number = first + m_number % count;
    }
    ~ReservedPort() { ::close(m_claim); }
    Q_DISABLE_COPY_MOVE(ReservedPort)

    quint16 number() const { return quint16(m_number); }

private:
    static constexpr int first = 20'000;
    static constexpr int count = 12'000;

    // The claim is a socket whose name all processes of this computer share.
    bool take(int port)
    {
        sockaddr_un name = {};
        name.sun_family = AF_UNIX;
        const QByteArray text = "freshen-test-port-" + QByteArray::number(port);
        std::copy(text.begin(), text.end(), name.sun_path + 1);
        const auto size = socklen_t(offsetof(sockaddr_un, sun_path) + 1 + std::size_t(text.size()));
        m_claim = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        QTcpServer server;
        if (::bind(m_claim, reinterpret_cast<const sockaddr *>(&name), size) == 0
            && server.listen(QHostAddress::LocalHost, quint16(port)))
            return true;
        ::close(m_claim);
        return false;
    }

    int m_claim = -1;
    int m_number = ::getpid(); // where the search begins
};

} // namespace Freshen
