// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/signals.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <iterator>

#include <sys/signalfd.h>
#include <unistd.h>

namespace Freshen::Platform {

namespace {

constexpr int asking[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP};

}

Result<SignalListener> SignalListener::create()
{
    sigset_t signals;
    ::sigemptyset(&signals);
    for (const int signal : asking)
        ::sigaddset(&signals, signal);
    Descriptor fd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd.isOpen() || ::sigprocmask(SIG_BLOCK, &signals, nullptr) != 0)
        return tl::unexpected<Error>(systemError("listen for", "signals", errno));
    return SignalListener(std::move(fd));
}

std::optional<Wish> SignalListener::next()
{
    signalfd_siginfo info = {};
    if (::read(m_fd.value(), &info, sizeof(info)) != ssize_t(sizeof(info)))
        return {};
    return int(info.ssi_signo) == SIGHUP ? Wish::Restart : Wish::Leave;
}

bool wasAskedToEnd(int exitCode)
{
    constexpr int killed = 128;
    return std::ranges::find(asking, exitCode - killed) != std::end(asking);
}

} // namespace Freshen::Platform
