// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Signals that ask a program for something, read like any other message. They are the program's
// own: none is ever passed on.

#pragma once

#include "platform/file.h"

#include <optional>

namespace Freshen::Platform {

enum class Wish { Leave, Restart };

// Once made, SIGTERM, SIGINT and SIGQUIT (Leave) and SIGHUP (Restart) have no other effect.
class SignalListener
{
public:
    static Result<SignalListener> create();
    int value() const { return m_fd.value(); }
    std::optional<Wish> next();

private:
    explicit SignalListener(Descriptor fd) : m_fd(std::move(fd)) {}
    Descriptor m_fd;
};

// Whether a process with this exit code was ended by such a signal, as when its session ends: by
// somebody's will, not by a fault of its own.
bool wasAskedToEnd(int exitCode);

} // namespace Freshen::Platform
