// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What a new version gets from the one before: the other side of the carriers.

#pragma once

#include "lib/handover/message.h"
#include "platform/inherited.h"

namespace Freshen {

// What a version takes over, by either way.
struct TakenOver {
    Platform::Channel channel;
    HandoverMessage hello;
    std::vector<Platform::NamedDescriptor> descriptors;
    Platform::Descriptor state;
};

// From the one that offers at `path`. NETWORK when nobody is at `path`.
Result<TakenOver> takeOverFrom(const std::filesystem::path &path, Platform::Deadline deadline);
// From the one that started this process, over the inherited descriptor; `count` others were
// inherited with it.
Result<TakenOver> takeOverFromParent(Platform::Channel channel, std::size_t count,
                                     Platform::Deadline deadline);

} // namespace Freshen
