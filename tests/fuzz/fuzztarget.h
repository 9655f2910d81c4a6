// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What a fuzz target and whoever feeds it agree upon: libFuzzer, or the replay of a corpus.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

namespace Freshen {

// Ends the program as a crash does when something that must always hold does not.
inline void require(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "Does not hold: %s\n", what);
    std::abort();
}

} // namespace Freshen
