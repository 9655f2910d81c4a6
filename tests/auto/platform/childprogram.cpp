// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/platform/childprogram.h"

#include "platform/paths.h"
#include "platform/ready.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <unistd.h>

using namespace Freshen;
using Platform::Descriptor;

namespace ChildProgram {

namespace {

constexpr int reportDescriptor = 3;

void writeTo(int fd, const std::string &text)
{
    if (::write(fd, text.data(), text.size()) != ssize_t(text.size()))
        std::abort();
}

void waitForEndOf(int fd)
{
    char byte = 0;
    while (::read(fd, &byte, 1) > 0) {}
}

// The numbers of all open descriptors, but that with which they are listed.
std::string openDescriptors()
{
    std::ostringstream text;
    for (int fd = 0; fd < 4096; ++fd) {
        if (::fcntl(fd, F_GETFD) >= 0)
            text << fd << ' ';
    }
    return text.str();
}

// The lines of the kernel's report on signals that tell the blocked and the ignored ones.
std::string signalState()
{
    std::ifstream status("/proc/self/status");
    std::string text;
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("SigBlk") || line.starts_with("SigIgn"))
            text += line.substr(8) + ' ';
    }
    return text;
}

std::string reportOn(const std::string &topic, int argc, char **argv)
{
    std::string text;
    if (topic == "arguments") {
        for (int i = 2; i < argc; ++i)
            text.append(argv[i]).push_back('\0');
    } else if (topic == "environment") {
        for (const std::string &entry : Platform::currentEnvironment())
            text.append(entry).push_back('\0');
    } else if (topic == "directory") {
        text = std::filesystem::current_path().string();
    } else if (topic == "descriptors") {
        text = openDescriptors();
    } else if (topic == "signals") {
        text = signalState();
    } else if (topic == "session") {
        text = ::getsid(0) == ::getpid() ? "own" : "inherited";
    } else if (topic == "output") {
        text = std::filesystem::read_symlink("/proc/self/fd/1").string();
    }
    return text;
}

int startItself(int argc, char **argv)
{
    auto start = request({argv + 2, argv + argc});
    start.descriptors = {reportDescriptor};
    auto process = Platform::Process::start(start);
    return process ? waitForEnd(*process).value_or(98) : 99;
}

} // namespace

std::optional<int> run(int argc, char **argv)
{
    if (argc < 2 || !std::getenv("FRESHEN_TEST_CHILD"))
        return {};
    const std::string topic = argv[1];
    if (topic == "say")
        writeTo(std::atoi(argv[2]), argv[3]);
    else if (topic == "exit")
        return std::atoi(argv[2]);
    else if (topic == "start")
        return startItself(argc, argv);
    else if (topic == "ready")
        Platform::sayReady();
    else if (topic != "wait")
        writeTo(reportDescriptor, reportOn(topic, argc, argv));
    if (topic == "ready" || topic == "wait")
        waitForEndOf(reportDescriptor);
    return 0;
}

Platform::StartRequest request(std::vector<std::string> arguments)
{
    Platform::StartRequest request;
    request.program = Platform::executablePath();
    request.arguments = std::move(arguments);
    request.environment = Platform::currentEnvironment();
    request.environment.emplace_back("FRESHEN_TEST_CHILD=1");
    return request;
}

Pipe Pipe::create()
{
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0)
        std::abort();
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

std::string readAll(Pipe &pipe)
{
    pipe.writeEnd.reset();
    std::string text;
    const auto deadline = Platform::Clock::now() + std::chrono::seconds(30);
    while (Platform::waitForAny({pipe.readEnd.value()}, deadline)) {
        char block[4096];
        const ssize_t size = ::read(pipe.readEnd.value(), block, sizeof(block));
        if (size <= 0)
            return text;
        text.append(block, std::size_t(size));
    }
    return "timed out";
}

std::string report(Platform::StartRequest request)
{
    Pipe pipe = Pipe::create();
    request.descriptors.insert(request.descriptors.begin(), pipe.writeEnd.value());
    auto process = Platform::Process::start(request);
    if (!process)
        return process.error().message;
    const std::string text = readAll(pipe);
    return waitForEnd(*process) == 0 ? text : "failed";
}

std::optional<int> waitForEnd(Platform::Process &process)
{
    const auto deadline = Platform::Clock::now() + std::chrono::seconds(30);
    if (!Platform::waitForAny({process.handle().value()}, deadline))
        return {};
    return process.exitCode();
}

} // namespace ChildProgram
