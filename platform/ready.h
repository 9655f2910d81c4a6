// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// "I am ready", said by a started program the way service managers know it: READY=1 in a datagram
// to the socket that NOTIFY_SOCKET names.

#pragma once

#include "platform/process.h"

namespace Freshen::Platform {

class ReadyListener
{
public:
    static Result<ReadyListener> create();

    // What the started program needs in its environment.
    std::vector<std::string> environment() const;
    int value() const { return m_fd.value(); }
    // Reads one datagram: true when it says READY=1 and comes from `process` or a descendant, or
    // from one of the same user that has already ended.
    bool isReadyFrom(int process);

private:
    ReadyListener(Descriptor fd, std::string name);
    Descriptor m_fd;
    std::string m_name;
};

// Says it to whoever NOTIFY_SOCKET names (sd_notify(3)): "MAINPID=…", "STOPPING=1", "WATCHDOG=1".
// False when nobody is named or can be reached.
bool notifyServiceManager(std::string_view text);

// Whether the starter of this process waits to hear that it is ready.
bool isReadyAwaited();
// Says READY=1 to it, once, and forgets how, so that children and real service managers are not
// confused. Does nothing when nobody waits.
void sayReady();

} // namespace Freshen::Platform
