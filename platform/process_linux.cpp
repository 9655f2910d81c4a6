// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/process.h"

#include "platform/processhandle_linux.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace Freshen::Platform {

namespace {

constexpr int firstInherited = 3;
constexpr std::string_view listenIdEntry = "LISTEN_PID=";
constexpr std::string_view widestId = "2147483647";

std::vector<char *> toPointers(std::vector<std::string> &texts)
{
    std::vector<char *> pointers;
    for (std::string &text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

// What the child needs, made before the fork: after it only plain system calls are safe.
struct Launch {
    const char *program;
    char *const *arguments;
    char *const *environment;
    const char *directory;
    char *listenId; // where the child writes its number; may be null
    std::vector<int> descriptors;
    bool ownSession;
    bool discardOutput;
    std::optional<int> input;
    std::optional<int> output;
    int errorPipe;
};

void resetSignals()
{
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (int signal = 1; signal < NSIG; ++signal)
        ::signal(signal, SIG_DFL);
}

bool isListenEntry(const std::string &entry)
{
    return entry.starts_with("LISTEN_FDS=") || entry.starts_with("LISTEN_FDNAMES=")
        || entry.starts_with(listenIdEntry);
}

// Never the ones that were meant for this process. The child's number is known to the child alone.
std::vector<std::string> listenEnvironment(const StartRequest &request)
{
    std::vector<std::string> environment = request.environment;
    std::erase_if(environment, isListenEntry);
    if (request.listenNames.empty())
        return environment;
    std::string names;
    for (const std::string &name : request.listenNames)
        names += (names.empty() ? "" : ":") + name;
    environment.push_back("LISTEN_FDS=" + std::to_string(request.listenNames.size()));
    environment.push_back("LISTEN_FDNAMES=" + names);
    environment.push_back(std::string(listenIdEntry).append(widestId));
    return environment;
}

void writeOwnId(char *place)
{
    char digits[16];
    int count = 0;
    for (int rest = ::getpid(); rest > 0; rest /= 10)
        digits[count++] = char('0' + rest % 10);
    while (count > 0)
        *place++ = digits[--count];
    *place = '\0';
}

// Whether none is overwritten before its turn when they are put into place one after the other.
bool areBehindTheirPlaces(const std::vector<int> &descriptors)
{
    for (std::size_t i = 0; i < descriptors.size(); ++i) {
        if (descriptors[i] < firstInherited + int(i))
            return false;
    }
    return true;
}

// One that is in its place already only has to stay open.
bool place(int fd, int target)
{
    return fd == target ? ::fcntl(fd, F_SETFD, 0) == 0 : ::dup2(fd, target) >= 0;
}

bool placeDescriptors(Launch &launch)
{
    const int count = int(launch.descriptors.size());
    const int aside = firstInherited + count + 1;
    launch.errorPipe = ::fcntl(launch.errorPipe, F_DUPFD_CLOEXEC, aside);
    if (!areBehindTheirPlaces(launch.descriptors)) {
        for (int &fd : launch.descriptors)
            fd = ::fcntl(fd, F_DUPFD_CLOEXEC, aside);
    }
    for (int i = 0; i < count; ++i) {
        if (!place(launch.descriptors[std::size_t(i)], firstInherited + i))
            return false;
    }
    const auto first = unsigned(firstInherited + count);
    const auto keep = unsigned(launch.errorPipe);
    ::syscall(SYS_close_range, first, keep - 1, 0);
    ::syscall(SYS_close_range, keep + 1, ~0u, 0);
    return true;
}

void discardStandardStreams()
{
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd < firstInherited; ++fd)
        ::dup2(null, fd);
}

[[noreturn]] void runChild(Launch launch)
{
    resetSignals();
    if (launch.ownSession)
        ::setsid();
    if (launch.discardOutput)
        discardStandardStreams();
    if (launch.input)
        ::dup2(*launch.input, STDIN_FILENO);
    if (launch.output)
        ::dup2(*launch.output, STDOUT_FILENO);
    if (launch.listenId)
        writeOwnId(launch.listenId);
    if (::chdir(launch.directory) != 0 && ::chdir("/") != 0)
        ::_exit(127);
    if (placeDescriptors(launch))
        ::execve(launch.program, launch.arguments, launch.environment);
    const int number = errno;
    [[maybe_unused]] const ssize_t told = ::write(launch.errorPipe, &number, sizeof(number));
    ::_exit(127);
}

// The error of a child that could not start the program; 0 when it did.
int startError(Descriptor readEnd)
{
    int number = 0;
    ssize_t size = 0;
    do {
        size = ::read(readEnd.value(), &number, sizeof(number));
    } while (size < 0 && errno == EINTR);
    return size == ssize_t(sizeof(number)) ? number : 0;
}

} // namespace

Result<Process> Process::start(const StartRequest &request)
{
    std::vector<std::string> arguments = {request.program.string()};
    arguments.insert(arguments.end(), request.arguments.begin(), request.arguments.end());
    std::vector<std::string> environment = listenEnvironment(request);
    char *const listenId = request.listenNames.empty()
        ? nullptr
        : environment.back().data() + listenIdEntry.size();
    const auto argumentPointers = toPointers(arguments);
    const auto environmentPointers = toPointers(environment);
    const std::string directory = request.workingDirectory.empty()
        ? std::string("/")
        : request.workingDirectory.string();
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return tl::unexpected<Error>(systemError("start", request.program, errno));
    Descriptor readEnd(ends[0]);
    Descriptor writeEnd(ends[1]);
    const Launch launch{request.program.c_str(),
                        argumentPointers.data(),
                        environmentPointers.data(),
                        directory.c_str(),
                        listenId,
                        request.descriptors,
                        request.ownSession,
                        request.discardOutput,
                        request.input,
                        request.output,
                        writeEnd.value()};
    const pid_t id = ::fork();
    if (id < 0)
        return tl::unexpected<Error>(systemError("start", request.program, errno));
    if (id == 0)
        runChild(launch);
    writeEnd.reset();
    Process process;
    process.m_id = id;
    process.m_handle = openProcess(id);
    if (const int number = startError(std::move(readEnd))) {
        ::waitpid(id, nullptr, 0);
        return tl::unexpected<Error>(systemError("start", request.program, number));
    }
    return process;
}

Result<Descriptor> Process::handleOfSelf()
{
    Descriptor handle = openProcess(::getpid());
    if (!handle.isOpen())
        return failure(ErrorCode::HELPER,
                       std::string("Cannot get a handle on this process: ") + std::strerror(errno)
                           + ".");
    return handle;
}

std::optional<int> Process::exitCode()
{
    if (m_exitCode || m_id == 0)
        return m_exitCode;
    int status = 0;
    if (::waitpid(m_id, &status, WNOHANG) != m_id)
        return {};
    m_exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return m_exitCode;
}

void Process::terminate()
{
    signalProcess(m_handle, SIGTERM);
}

void Process::kill()
{
    signalProcess(m_handle, SIGKILL);
}

bool hasEnded(const Descriptor &handle)
{
    return waitForAny({handle.value()}, Clock::now()).has_value();
}

std::vector<std::string> currentEnvironment()
{
    std::vector<std::string> environment;
    for (char **entry = environ; entry && *entry; ++entry)
        environment.emplace_back(*entry);
    return environment;
}

std::vector<std::string> currentArguments()
{
    const auto text = readFile("/proc/self/cmdline", 64u << 20).value_or(std::string());
    std::vector<std::string> arguments;
    for (std::size_t begin = text.find('\0'); begin + 1 < text.size();) {
        const std::size_t end = text.find('\0', begin + 1);
        arguments.push_back(text.substr(begin + 1, end - begin - 1));
        begin = end;
    }
    return arguments;
}

std::optional<std::size_t> waitForAny(const std::vector<int> &descriptors,
                                      std::optional<Deadline> deadline)
{
    std::vector<pollfd> polled;
    for (const int fd : descriptors)
        polled.push_back({fd, POLLIN, 0});
    while (true) {
        int timeout = -1;
        if (deadline) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline
                                                                           - Clock::now());
            timeout = int(std::clamp<long long>(left.count(), 0, 1'000'000'000));
        }
        const int count = ::poll(polled.data(), polled.size(), timeout);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return {};
        const auto ready = std::find_if(polled.begin(), polled.end(),
                                        [](const pollfd &one) { return one.revents != 0; });
        return std::size_t(ready - polled.begin());
    }
}

} // namespace Freshen::Platform
