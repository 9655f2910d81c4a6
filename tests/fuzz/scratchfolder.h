// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A folder of this process's own, in memory where the system has such a place.

#pragma once

#include "tests/fuzz/fuzztarget.h"

#include <filesystem>
#include <string>

namespace Freshen {

inline std::filesystem::path scratchFolder()
{
    namespace fs = std::filesystem;
    static const struct Folder {
        Folder()
        {
            const fs::path memory = "/dev/shm";
            std::string name = (fs::is_directory(memory) ? memory : fs::temp_directory_path())
                / "freshen-fuzz-XXXXXX";
            require(::mkdtemp(name.data()) != nullptr, "a folder can be made");
            path = name;
        }
        ~Folder()
        {
            std::error_code error;
            fs::remove_all(path, error);
        }
        fs::path path;
    } folder;
    return folder.path;
}

} // namespace Freshen
