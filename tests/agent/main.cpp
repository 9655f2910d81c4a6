// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A small HTTP server for tests of supervision, quick to start and without Qt. What it is, and how
// it misbehaves, stands behind its own program file: "\nAGENT version=2.0 fault=crash". So copies
// of one binary are builds that differ.
//
//   GET /        answers "VERSION GENERATION PROCESS"
//   GET /slow    the same, after a second
//   GET /exit/N  answers, then ends with N
//
// Faults: crash (before ready), exit (0, before ready), hang (never ready), late (crashes after
// ready, as soon as it has answered), stubborn (ignores SIGTERM), untested (fails the self-test).

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

volatile std::sig_atomic_t isLeaving = 0;

void leave(int)
{
    isLeaving = 1;
}

// The value of a word "NAME=VALUE" in the line at the end of the program file.
std::string own(const std::string &name)
{
    std::ifstream file("/proc/self/exe", std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    const std::size_t line = content.rfind(std::string("\nAG") + "ENT ");
    if (line == std::string::npos)
        return {};
    const std::size_t word = content.find(" " + name + "=", line);
    if (word == std::string::npos)
        return {};
    const std::size_t begin = word + name.size() + 2;
    return content.substr(begin, content.find_first_of(" \n", begin) - begin);
}

std::string variable(const char *name)
{
    const char *value = std::getenv(name);
    return value ? value : "";
}

void sayReady()
{
    const std::string name = variable("NOTIFY_SOCKET");
    if (name.empty())
        return;
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), std::min(name.size(), sizeof(address.sun_path)));
    if (name.front() == '@')
        address.sun_path[0] = '\0';
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const auto length = socklen_t(offsetof(sockaddr_un, sun_path) + name.size());
    ::sendto(fd, "READY=1", 7, 0, reinterpret_cast<sockaddr *>(&address), length);
    ::close(fd);
}

std::vector<int> inheritedSockets()
{
    std::vector<int> sockets;
    if (variable("LISTEN_PID") != std::to_string(::getpid()))
        return sockets;
    for (int i = 0; i < std::atoi(variable("LISTEN_FDS").c_str()); ++i)
        sockets.push_back(3 + i);
    return sockets;
}

// Whole, whatever signal comes meanwhile.
void takeASecond()
{
    timespec left = {1, 0};
    while (::nanosleep(&left, &left) != 0 && errno == EINTR) { }
}

struct Client {
    int fd;
    std::string received;
    bool hasAsked = false;
};

class Server
{
public:
    Server()
        : m_listening(inheritedSockets())
        , m_text(own("version") + " " + variable("FRESHEN_GENERATION") + " "
                 + std::to_string(::getpid()) + "\n")
        , m_isFragile(own("fault") == "late")
    {
    }

    int run()
    {
        while (!isLeaving || !m_clients.empty()) {
            if (isLeaving && !m_listening.empty())
                stopListening();
            serve();
        }
        return 0;
    }

private:
    // What waits in the queue is answered first where nobody else would.
    void stopListening()
    {
        for (const int fd : m_listening)
            ::close(fd);
        m_listening.clear();
    }

    void serve()
    {
        std::vector<pollfd> polled;
        for (const int fd : m_listening)
            polled.push_back({fd, POLLIN, 0});
        for (const Client &client : m_clients)
            polled.push_back({client.fd, POLLIN, 0});
        const int count = ::poll(polled.data(), polled.size(), isLeaving ? patience() : -1);
        if (count == 0)
            closeAll();
        if (count <= 0)
            return;
        const std::size_t listening = m_listening.size();
        for (std::size_t i = polled.size(); i-- > listening;) {
            if (polled[i].revents != 0 && !read(m_clients[i - listening])) {
                ::close(m_clients[i - listening].fd);
                m_clients.erase(m_clients.begin() + std::ptrdiff_t(i - listening));
            }
        }
        for (std::size_t i = 0; i < listening; ++i) {
            if (polled[i].revents != 0)
                accept(polled[i].fd);
        }
    }

    // A kept connection that asks for nothing more does not hold up the end; one that was just made
    // has something to ask.
    int patience() const
    {
        const bool isIdle = std::all_of(m_clients.begin(), m_clients.end(),
                                        [](const Client &client) { return client.hasAsked; });
        return isIdle ? 200 : 10'000;
    }

    void accept(int listening)
    {
        const int fd = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd >= 0)
            m_clients.push_back({fd, {}});
    }

    void closeAll()
    {
        for (const Client &client : m_clients)
            ::close(client.fd);
        m_clients.clear();
    }

    // False when the connection is over.
    bool read(Client &client)
    {
        char buffer[4096];
        const ssize_t size = ::read(client.fd, buffer, sizeof(buffer));
        if (size <= 0)
            return false;
        client.hasAsked = true;
        client.received.append(buffer, std::size_t(size));
        for (std::size_t end; (end = client.received.find("\r\n\r\n")) != std::string::npos;) {
            const std::string request = client.received.substr(0, end);
            client.received.erase(0, end + 4);
            if (!answer(client.fd, request))
                return false;
        }
        return true;
    }

    bool answer(int fd, const std::string &request)
    {
        if (request.starts_with("GET /slow"))
            takeASecond();
        const bool isLast = isLeaving || request.find("Connection: close") != std::string::npos;
        const std::string reply = "HTTP/1.1 200 OK\r\nContent-Length: "
            + std::to_string(m_text.size()) + (isLast ? "\r\nConnection: close" : "")
            + "\r\n\r\n" + m_text;
        const bool isSent = ::send(fd, reply.data(), reply.size(), MSG_NOSIGNAL)
            == ssize_t(reply.size());
        if (request.starts_with("GET /exit/"))
            std::_Exit(std::atoi(request.c_str() + std::strlen("GET /exit/")));
        if (m_isFragile)
            std::abort();
        return isSent && !isLast;
    }

    std::vector<int> m_listening;
    std::vector<Client> m_clients;
    std::string m_text;
    bool m_isFragile;
};

} // namespace

int main(int argc, char *argv[])
{
    const std::string fault = own("fault");
    if (argc >= 3 && std::string_view(argv[argc - 2]) == "--freshen-selftest") {
        std::printf("%s %s\n", fault == "untested" ? "?" : argv[argc - 1], own("version").c_str());
        return 0;
    }
    if (argc >= 3 && std::string_view(argv[1]) == "--exit")
        return std::atoi(argv[2]);
    struct sigaction action = {};
    action.sa_handler = fault == "stubborn" ? SIG_IGN : leave;
    ::sigaction(SIGTERM, &action, nullptr);
    if (fault == "crash")
        std::abort();
    if (fault == "exit")
        return 0;
    if (fault != "hang")
        sayReady();
    return Server().run();
}
