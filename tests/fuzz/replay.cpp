// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Gives every file of some folders to a fuzz target once, where there is no libFuzzer.

#include "tests/fuzz/fuzztarget.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

// Inputs are small; an error in reading one is a missing input.
int replay(const std::filesystem::path &folder)
{
    int inputs = 0;
    for (const auto &entry : std::filesystem::directory_iterator(folder)) {
        std::printf("%s\n", entry.path().c_str());
        std::fflush(stdout); // tells which one it was, should it crash
        std::ifstream file(entry.path(), std::ios::binary);
        Freshen::require(file.is_open(), "every input can be read");
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size());
        ++inputs;
    }
    return inputs;
}

} // namespace

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; ++i)
        Freshen::require(replay(argv[i]) > 0, "every folder has inputs");
    Freshen::require(argc > 1, "a folder is named");
    return 0;
}
