// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/foreignprocess.h"

#include <csignal>

#include <sys/syscall.h>
#include <unistd.h>

namespace Freshen::Platform {

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

} // namespace Freshen::Platform
