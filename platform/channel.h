// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A nameless connection between two processes, one inherited end each, that carries short texts.

#pragma once

#include "platform/process.h"

namespace Freshen::Platform {

class Channel
{
public:
    static constexpr std::size_t maximumMessage = 64 * 1024;

    // Two connected ends; the second one is given to a child.
    static Result<std::pair<Channel, Descriptor>> create();
    explicit Channel(Descriptor fd) : m_fd(std::move(fd)) {}

    int value() const { return m_fd.value(); }
    Result<void> send(const std::string &message);
    // The next message; empty when the other end is closed. HELPER when the time is over.
    Result<std::optional<std::string>> receive(std::optional<Deadline> deadline = {});
    void close() { m_fd.reset(); }

private:
    Descriptor m_fd;
};

} // namespace Freshen::Platform
