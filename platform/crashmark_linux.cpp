// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/crashmark.h"

#include "platform/file.h"

#include <atomic>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <string>

#include <unistd.h>

namespace Freshen::Platform {

namespace {

// Read in a signal handler and after main().
char markedFile[PATH_MAX];
std::atomic<bool> isMarked = false;
std::atomic<pid_t> owner = 0;

// A child that was forked inherits all of this, and means nothing by its end.
void removeMark()
{
    if (isMarked && owner == ::getpid())
        ::unlink(markedFile);
}

void removeAndEnd(int signal)
{
    removeMark();
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

void listenTo(int signal)
{
    struct sigaction present = {};
    if (::sigaction(signal, nullptr, &present) != 0 || (present.sa_flags & SA_SIGINFO) != 0
        || present.sa_handler != SIG_DFL)
        return;
    struct sigaction ours = {};
    ours.sa_handler = removeAndEnd;
    ::sigaction(signal, &ours, nullptr);
}

} // namespace

void removeUnlessCrashed(const std::filesystem::path &file)
{
    if (owner.exchange(::getpid()) == 0) {
        std::atexit(removeMark);
        for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGQUIT})
            listenTo(signal);
    }
    isMarked = false;
    if (file.native().copy(markedFile, sizeof(markedFile) - 1) == file.native().size()) {
        markedFile[file.native().size()] = '\0';
        isMarked = true;
    }
}

bool isDebugged()
{
    const auto status = readFile("/proc/self/status", 64 * 1024);
    constexpr std::string_view line = "\nTracerPid:\t";
    const auto found = status ? status->find(line) : std::string::npos;
    return found != std::string::npos && (*status)[found + line.size()] != '0';
}

} // namespace Freshen::Platform
