// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/interruption.h"

#include <cerrno>

#include <signal.h>
#include <sys/signalfd.h>

namespace Freshen::Platform {

Result<Descriptor> watchInterruptions()
{
    sigset_t signals;
    ::sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        ::sigaddset(&signals, signal);
    // Only signals that are blocked wait to be read.
    if (::pthread_sigmask(SIG_BLOCK, &signals, nullptr) != 0)
        return tl::unexpected<Error>(systemError("watch", "signals", errno));
    Descriptor descriptor(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!descriptor.isOpen())
        return tl::unexpected<Error>(systemError("watch", "signals", errno));
    return descriptor;
}

} // namespace Freshen::Platform
