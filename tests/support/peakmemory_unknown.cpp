// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/peakmemory.h"

namespace Freshen {

PeakMemory::PeakMemory() = default;

std::optional<std::int64_t> PeakMemory::growth() const
{
    return {};
}

} // namespace Freshen
