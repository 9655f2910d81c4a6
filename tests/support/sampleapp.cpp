// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The application that the end-to-end tests update. What it does when it runs is written in the
// file "behaviour" beside its version, so that a release can be a good one or a bad one.

#include "platform/paths.h"
#include "platform/ready.h"

#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

#include <unistd.h>

namespace {

std::string lineOf(const char *name)
{
    std::ifstream file(Freshen::Platform::executablePath().parent_path().parent_path() / name);
    std::string line;
    std::getline(file, line);
    return line;
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

} // namespace

int main(int argc, char **argv)
{
    if (argc > 1 && std::string_view(argv[1]) == "--version") {
        std::puts(lineOf("version").c_str());
        return 0;
    }
    noteStart(argc, argv);
    const std::string behaviour = lineOf("behaviour");
    if (behaviour == "crashes")
        std::abort();
    if (behaviour == "leaves")
        return 0;
    if (behaviour != "hangs")
        Freshen::Platform::sayReady();
    ::pause();
}
