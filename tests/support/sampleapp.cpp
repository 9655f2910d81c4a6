// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The application that the end-to-end tests update. What it does when it runs is written in the
// file "behaviour" beside its version, so that a release can be a good one or a bad one. Of a
// single file both stand behind the program itself: "\nSAMPLE version=2.0 behaviour=crashes\n".

#include "platform/paths.h"
#include "platform/ready.h"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <unistd.h>

namespace {

// The value of a word in the line at the end of the program file; empty without such a line.
std::string ownWord(const char *name)
{
    std::ifstream file("/proc/self/exe", std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    const std::size_t line = content.rfind(std::string("\nSAM") + "PLE ");
    if (line == std::string::npos)
        return {};
    const std::size_t begin = content.find(std::string(" ") + name + "=", line);
    const std::size_t value = content.find('=', begin) + 1;
    return content.substr(value, content.find_first_of(" \n", value) - value);
}

std::string lineOf(const char *name)
{
    std::ifstream file(Freshen::Platform::executablePath().parent_path().parent_path() / name);
    std::string line;
    return std::getline(file, line) ? line : ownWord(name);
}

// Leaves a trace of this start: version and arguments, in a file that the test names.
void noteStart(int argc, char **argv)
{
    const char *log = std::getenv("SAMPLE_LOG");
    if (!log)
        return;
    std::ofstream file(log, std::ios::app);
    file << lineOf("version");
    for (int i = 1; i < argc; ++i)
        file << '|' << argv[i];
    file << std::endl;
}

void copyLines(std::ofstream &file, const char *source, std::string_view only)
{
    std::ifstream lines(source);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t colon = line.find(':');
        if (colon != std::string::npos && only.find(line.substr(0, colon + 1)) != only.npos)
            file << line << '\n';
    }
}

// What this process was given by whoever started it, in a file that the test names.
void noteInheritance()
{
    const char *report = std::getenv("SAMPLE_REPORT");
    if (!report)
        return;
    namespace fs = std::filesystem;
    std::ofstream file(report);
    copyLines(
        file, "/proc/self/status",
        "Uid: Gid: Groups: Umask: SigBlk: SigIgn: CapInh: CapPrm: CapEff: CapAmb: NoNewPrivs:");
    file << "Directory: " << fs::current_path().string() << '\n';
    for (char **entry = environ; *entry; ++entry)
        file << "Environment: " << *entry << '\n';
    for (const auto &entry : fs::directory_iterator("/proc/self/fd")) {
        const fs::path target = fs::read_symlink(entry.path());
        // The two that this listing opened itself.
        if (target != report && target.filename() != "fd")
            file << "Descriptor: " << entry.path().filename().string() << '\n';
    }
}

} // namespace

int main(int argc, char **argv)
{
    if (argc > 1 && std::string_view(argv[1]) == "--version") {
        std::puts(lineOf("version").c_str());
        return 0;
    }
    noteStart(argc, argv);
    noteInheritance();
    const std::string behaviour = lineOf("behaviour");
    if (behaviour == "crashes")
        std::abort();
    if (behaviour == "leaves")
        return 0;
    if (behaviour != "hangs")
        Freshen::Platform::sayReady();
    ::pause();
}
