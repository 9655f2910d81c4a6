// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/file.h"

#include <sys/syscall.h>
#include <unistd.h>

namespace Freshen::Platform {

inline Descriptor openProcess(int id)
{
    return Descriptor(int(::syscall(SYS_pidfd_open, id, 0)));
}

inline void signalProcess(const Descriptor &handle, int signal)
{
    if (handle.isOpen())
        ::syscall(SYS_pidfd_send_signal, handle.value(), signal, nullptr, 0);
}

} // namespace Freshen::Platform
