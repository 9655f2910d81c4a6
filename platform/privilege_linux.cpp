// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/privilege.h"

#include "platform/file.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace Freshen::Platform {

namespace {

constexpr rlim_t openFiles = 1024;

// A tiny limit of the starter must not break a change in the middle.
bool takeUsualLimits()
{
    constexpr std::array unlimited = {RLIMIT_FSIZE, RLIMIT_AS,   RLIMIT_CPU,
                                      RLIMIT_DATA,  RLIMIT_STACK};
    const rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
    const rlimit files = {openFiles, openFiles};
    const rlimit noCore = {0, 0};
    bool done = ::setrlimit(RLIMIT_NOFILE, &files) == 0 && ::setrlimit(RLIMIT_CORE, &noCore) == 0;
    for (const auto which : unlimited)
        done = ::setrlimit(which, &none) == 0 && done;
    return done;
}

void resetSignals()
{
    for (int signal = 1; signal < NSIG; ++signal)
        ::signal(signal, SIG_DFL);
    // What these would end is better told as a failed write.
    for (const int signal : {SIGPIPE, SIGXFSZ})
        ::signal(signal, SIG_IGN);
    // Of the terminal and the session of somebody else.
    for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU})
        ::signal(signal, SIG_IGN);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Output would go wherever the starter wishes.
bool closeAllButInput()
{
    const int null = ::open("/dev/null", O_RDWR);
    return null >= 0 && ::dup2(null, STDOUT_FILENO) >= 0 && ::dup2(null, STDERR_FILENO) >= 0
        && ::syscall(SYS_close_range, STDERR_FILENO + 1, ~0u, 0) == 0;
}

} // namespace

bool isAdministrator()
{
    return ::geteuid() == 0;
}

Result<void> forgetStarter()
{
    ::clearenv();
    ::umask(022);
    resetSignals();
    const bool done = takeUsualLimits() && closeAllButInput() && ::chdir("/") == 0
        && ::prctl(PR_SET_DUMPABLE, 0) == 0;
    if (done)
        return {};
    return tl::unexpected<Error>(systemError("start as an administrator in", "/", errno));
}

} // namespace Freshen::Platform
