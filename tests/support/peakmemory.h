// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <optional>

namespace Freshen {

// How much more memory this process has had at once than when this was made.
class PeakMemory
{
public:
    PeakMemory();
    // In bytes; nothing where the system does not tell, or where sanitizers take most of it.
    std::optional<std::int64_t> growth() const;

private:
    std::optional<std::int64_t> m_before;
};

} // namespace Freshen
