// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/password.h"

#include "platform/file.h"

#include <cerrno>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace Freshen::Platform {

namespace {

constexpr std::size_t maximumLength = 1024;

// What is typed stays invisible while this lives.
class NoEcho
{
public:
    explicit NoEcho(int terminal)
        : m_terminal(terminal)
    {
        m_isChanged = tcgetattr(terminal, &m_before) == 0;
        termios silent = m_before;
        silent.c_lflag &= ~tcflag_t(ECHO);
        silent.c_lflag |= ECHONL;
        m_isChanged = m_isChanged && tcsetattr(terminal, TCSAFLUSH, &silent) == 0;
    }
    ~NoEcho()
    {
        if (m_isChanged)
            tcsetattr(m_terminal, TCSAFLUSH, &m_before);
    }
    NoEcho(const NoEcho &) = delete;
    NoEcho &operator=(const NoEcho &) = delete;

    bool isSilent() const { return m_isChanged; }

private:
    int m_terminal;
    bool m_isChanged = false;
    termios m_before{};
};

// Byte by byte, so that no buffer keeps a copy.
std::string readLine(int terminal)
{
    std::string line;
    line.reserve(maximumLength); // never moved, so it can be wiped
    char byte = 0;
    while (line.size() < maximumLength) {
        const ssize_t count = ::read(terminal, &byte, 1);
        if (count < 0 && errno == EINTR)
            continue;
        if (count != 1 || byte == '\n')
            break;
        line += byte;
    }
    return line;
}

} // namespace

Result<std::string> askPassword(const std::string &question)
{
    const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (!terminal.isOpen())
        return failure(ErrorCode::KEY, "There is no terminal to ask for a password.");
    const NoEcho noEcho(terminal.value());
    if (!noEcho.isSilent())
        return failure(ErrorCode::KEY, "The terminal cannot hide what is typed.");
    if (::write(terminal.value(), question.data(), question.size()) < 0)
        return failure(ErrorCode::KEY, "The terminal cannot be written to.");
    std::string line = readLine(terminal.value());
    if (line.empty())
        return failure(ErrorCode::KEY, "No password was typed.");
    return line;
}

} // namespace Freshen::Platform
