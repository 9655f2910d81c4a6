// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/process.h"

#include "platform/processhandle_linux.h"

#include <algorithm>
#include <charconv>
#include <csignal>

namespace Freshen::Platform {

namespace {

constexpr std::size_t maximumEnvironment = 64u << 20;
// What the system adds to the name of a file that has none any more.
constexpr std::string_view deletedEnding = " (deleted)";

std::optional<int> toNumber(std::string_view text)
{
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return {};
    return number;
}

fs::path procPath(int id, const char *name)
{
    return fs::path("/proc") / std::to_string(id) / name;
}

// Field 4 of /proc/ID/stat; the name before it is in parentheses and may hold anything.
int parentOf(int id)
{
    const auto text = readFile(procPath(id, "stat"), 4096);
    const std::size_t end = text ? text->rfind(')') : std::string::npos;
    if (end == std::string::npos || end + 4 >= text->size())
        return 0;
    const std::string rest = text->substr(end + 4);
    return toNumber(std::string_view(rest).substr(0, rest.find(' '))).value_or(0);
}

std::string nameOf(int id)
{
    auto name = readFile(procPath(id, "comm"), 64).value_or(std::string());
    if (!name.empty() && name.back() == '\n')
        name.pop_back();
    return name;
}

// A variable of the environment that the process was started with; empty without it.
std::string variableOf(const std::string &environment, std::string_view name)
{
    const std::string start = std::string(name) + '=';
    for (std::size_t begin = 0; begin < environment.size();) {
        const std::size_t end = std::min(environment.find('\0', begin), environment.size());
        if (environment.compare(begin, start.size(), start) == 0)
            return environment.substr(begin + start.size(), end - begin - start.size());
        begin = end + 1;
    }
    return {};
}

// Processes of one app: a folder with programs, or a single file.
class AppProcesses
{
public:
    explicit AppProcesses(const fs::path &app)
    {
        std::error_code error;
        m_app = fs::weakly_canonical(app, error).native();
        m_isFile = fs::is_regular_file(m_app, error);
    }

    bool include(int id) const
    {
        std::error_code error;
        const std::string executable = fs::read_symlink(procPath(id, "exe"), error).native();
        if (error)
            return false;
        return executable == m_app || executable == m_app + std::string(deletedEnding)
            || executable.starts_with(m_app + '/') || (m_isFile && isMounted(id, executable));
    }

private:
    // The file may be an AppImage: its program runs from the folder where its runtime mounted it.
    bool isMounted(int id, const std::string &executable) const
    {
        const auto environment = readFile(procPath(id, "environ"), maximumEnvironment);
        if (!environment || variableOf(*environment, "APPIMAGE") != m_app)
            return false;
        const std::string mount = variableOf(*environment, "APPDIR");
        return !mount.empty() && executable.starts_with(mount + '/');
    }

    std::string m_app;
    bool m_isFile = false;
};

void waitUntilNoneRuns(const fs::path &tree, Deadline deadline)
{
    for (const RunningProcess &process : processesRunningFrom(tree))
        waitForAny({process.handle.value()}, deadline);
}

} // namespace

std::vector<RunningProcess> processesRunningFrom(const fs::path &tree)
{
    std::vector<RunningProcess> found;
    std::error_code error;
    const AppProcesses processes(tree);
    for (const auto &entry : fs::directory_iterator("/proc", error)) {
        const auto id = toNumber(entry.path().filename().native());
        if (!id || *id == ::getpid() || !processes.include(*id))
            continue;
        // The handle first, then a second look: so it is on the process that was meant.
        Descriptor handle = openProcess(*id);
        if (handle.isOpen() && processes.include(*id))
            found.push_back({*id, nameOf(*id), std::move(handle)});
    }
    return found;
}

void endProcesses(const fs::path &tree, Deadline deadline)
{
    const Deadline halfway = Clock::now() + (deadline - Clock::now()) / 2;
    for (const RunningProcess &process : processesRunningFrom(tree))
        signalProcess(process.handle, SIGTERM);
    waitUntilNoneRuns(tree, halfway);
    for (const RunningProcess &process : processesRunningFrom(tree))
        signalProcess(process.handle, SIGKILL);
    waitUntilNoneRuns(tree, deadline);
}

bool isSelfOrDescendant(int id, int ancestor)
{
    while (id > 1) {
        if (id == ancestor)
            return true;
        id = parentOf(id);
    }
    return false;
}

} // namespace Freshen::Platform
