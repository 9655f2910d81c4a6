// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/peakmemory.h"

#include <fstream>
#include <string>

#include <malloc.h>

namespace Freshen {

namespace {

std::optional<std::int64_t> bytesInStatus(const std::string &name)
{
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        std::int64_t kilobytes = 0;
        if (word == name && status >> kilobytes)
            return kilobytes * 1024;
    }
    return {};
}

} // namespace

PeakMemory::PeakMemory()
{
    // What was freed before must not serve again unseen, and an earlier peak must not count.
    ::malloc_trim(0);
    std::ofstream forget("/proc/self/clear_refs");
    if (forget << "5" << std::flush)
        m_before = bytesInStatus("VmRSS:");
}

std::optional<std::int64_t> PeakMemory::growth() const
{
    const auto peak = bytesInStatus("VmHWM:");
    return m_before && peak ? std::optional(*peak - *m_before) : std::nullopt;
}

} // namespace Freshen
