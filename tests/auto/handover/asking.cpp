// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/handover/asking.h"

#include "platform/file.h"

#include <QTest>

#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

using Freshen::Platform::Descriptor;

Asking::Asking(quint16 port)
    : m_port(port)
    , m_thread([this] {
        while (!m_ends)
            ask();
    })
{
}

Asking::~Asking()
{
    m_ends = true;
    m_thread.join();
}

bool Asking::waitForAnswers(int count) const
{
    const int before = m_answered;
    return QTest::qWaitFor([&] { return m_answered >= before + count; }, 60'000);
}

void Asking::ask()
{
    const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const timeval patience = {60, 0};
    ::setsockopt(socket.value(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(m_port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket.value(), reinterpret_cast<sockaddr *>(&address), sizeof(address)) != 0) {
        ++m_refused;
        std::this_thread::sleep_for(std::chrono::milliseconds(2)); // others need the processor
        return;
    }
    char answer[100];
    ::send(socket.value(), "who\n", 4, MSG_NOSIGNAL);
    const ssize_t size = ::recv(socket.value(), answer, sizeof(answer), 0);
    if (size > 0 && answer[size - 1] == '\n')
        ++m_answered;
    else
        ++m_lost;
}
