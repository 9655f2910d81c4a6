// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/foreignprocess.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace Freshen::Platform {

namespace {

constexpr std::size_t longestEnvironment = 4u << 20;

}

std::string birthOf(int id)
{
    // proc(5): field 22, in clock ticks since boot. Field 2 is in parentheses and holds anything.
    const auto stat = readFile(fs::path("/proc") / std::to_string(id) / "stat", 4096);
    if (!stat)
        return {};
    constexpr int fieldsAfterName = 20;
    std::size_t begin = stat->rfind(')');
    for (int i = 0; i < fieldsAfterName && begin != std::string::npos; ++i)
        begin = stat->find(' ', begin + 1);
    if (begin == std::string::npos)
        return {};
    return stat->substr(begin + 1, stat->find(' ', begin + 1) - begin - 1);
}

Descriptor openProcess(int id, const std::string &birth)
{
    Descriptor process(int(::syscall(SYS_pidfd_open, id, 0)));
    // Looked at after it is held: so the handle is on the one that was meant.
    if (process.isOpen() && (birth.empty() || birthOf(id) != birth))
        process.reset();
    return process;
}

std::vector<Descriptor> processesStartedWith(const std::string &entry)
{
    const std::string wanted = '\0' + entry + '\0';
    std::vector<Descriptor> found;
    std::error_code error;
    for (const auto &folder : fs::directory_iterator("/proc", error)) {
        const int id = std::atoi(folder.path().filename().c_str());
        if (id <= 0 || id == ::getpid())
            continue;
        // Held before it is looked at, so that it is the one.
        Descriptor process(int(::syscall(SYS_pidfd_open, id, 0)));
        const auto environment = readFile(folder.path() / "environ", longestEnvironment);
        if (process.isOpen() && environment
            && ('\0' + *environment).find(wanted) != std::string::npos)
            found.push_back(std::move(process));
    }
    return found;
}

void endProcess(const Descriptor &process, Deadline deadline)
{
    ::syscall(SYS_pidfd_send_signal, process.value(), SIGTERM, nullptr, 0);
    if (waitForAny({process.value()}, deadline))
        return;
    ::syscall(SYS_pidfd_send_signal, process.value(), SIGKILL, nullptr, 0);
    waitForAny({process.value()}, {});
}

Descriptor duplicateFrom(const Descriptor &process, int number)
{
    // The kernel closes it on exec.
    return Descriptor(int(::syscall(SYS_pidfd_getfd, process.value(), number, 0)));
}

bool isExecuted(const fs::path &program)
{
    // Who has it alone may have a lease (fcntl(2)), for as long as the descriptor is open; a start
    // of the program waits that long, where opening it for writing would make the start fail.
    Descriptor file(::open(program.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!file.isOpen())
        return false;
    // What somebody else's wish to open it is told with; this one is ignored.
    ::fcntl(file.value(), F_SETSIG, SIGURG);
    if (::fcntl(file.value(), F_SETLEASE, F_WRLCK) == 0)
        return false;
    // Others may only read it.
    file = Descriptor(::open(program.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    return !file.isOpen() && errno == ETXTBSY;
}

} // namespace Freshen::Platform
