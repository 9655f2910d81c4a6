// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// An app whose first action is to note when that was: the time since the system started, in
// nanoseconds, as a line of the file that DOWNTIME_LOG names. Then it is ready, until it is ended.

#include "platform/ready.h"

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include <unistd.h>

int main()
{
    timespec now = {};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    if (const char *log = std::getenv("DOWNTIME_LOG")) {
        if (std::FILE *file = std::fopen(log, "a")) {
            const auto since = std::int64_t(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
            std::fprintf(file, "%" PRId64 "\n", since);
            std::fclose(file);
        }
    }
    Freshen::Platform::sayReady();
    ::pause();
}
