// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/file.h"

namespace Freshen::Platform {

// A file of this user's own that is filled in any order and may be continued later.
class RandomFile
{
public:
    RandomFile() = default;
    // Creates it, with mode 0600, where it is missing. Whatever is no regular file is refused, and
    // while one has it open, nobody else can: BUSY.
    static Result<RandomFile> open(const fs::path &path);

    bool isOpen() const { return m_fd.isOpen(); }
    Result<std::uint64_t> size() const;
    // Sees to it that the disk has room for so many bytes in all: NO_SPACE. Where the file system
    // cannot promise that, it does nothing.
    Result<void> reserve(std::uint64_t size);
    Result<void> resize(std::uint64_t size);
    Result<void> write(std::uint64_t offset, Bytes bytes);
    // All of them; a file that ends before is an error.
    Result<void> read(std::uint64_t offset, std::span<std::uint8_t> bytes) const;
    // Waits until all that was written is on the disk.
    Result<void> sync();
    void close() { m_fd.reset(); }

private:
    RandomFile(Descriptor fd, fs::path path) : m_fd(std::move(fd)), m_path(std::move(path)) {}
    Descriptor m_fd;
    fs::path m_path;
};

} // namespace Freshen::Platform
