// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Files by path and by descriptor, with every write and close checked.

#pragma once

#include "platform/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace Freshen::Platform {

namespace fs = std::filesystem;

using Bytes = std::span<const std::uint8_t>;

// Owns an open file, socket or process handle.
class Descriptor
{
public:
    Descriptor() = default;
    explicit Descriptor(int fd) : m_fd(fd) {}
    Descriptor(Descriptor &&other) noexcept : m_fd(other.release()) {}
    Descriptor &operator=(Descriptor &&other) noexcept;
    ~Descriptor() { reset(); }

    bool isOpen() const { return m_fd >= 0; }
    int value() const { return m_fd; }
    int release();
    void reset();

private:
    int m_fd = -1;
};

// The error that errno tells, for "Cannot WHAT PATH: reason".
Error systemError(std::string_view what, const fs::path &path, int number);

Result<std::string> readFile(const fs::path &path, std::size_t limit = 64u << 20);
// Opens a regular file for reading; a link as last component is refused.
Result<Descriptor> openForReading(const fs::path &path);
// Calls `consume` with the file's bytes, block by block, until the end or until it returns false.
Result<void> readBlocks(const Descriptor &file, const std::function<bool(Bytes)> &consume);

// A new file that must not exist yet, with checked writes; `finish` sets the mode and closes.
class NewFile
{
public:
    static Result<NewFile> create(const fs::path &path);
    Result<void> write(Bytes bytes);
    // `durable`: also waits until the bytes are on the disk.
    Result<void> finish(std::uint32_t mode, bool durable = false);

private:
    NewFile(Descriptor fd, fs::path path) : m_fd(std::move(fd)), m_path(std::move(path)) {}
    Descriptor m_fd;
    fs::path m_path;
};

// Replaces the file in one step that survives a power cut: temporary file, sync, rename, sync of
// the folder.
Result<void> writeFileDurably(const fs::path &path, std::string_view content,
                              std::uint32_t mode = 0644);
Result<void> copyFile(const fs::path &from, const fs::path &to, std::uint32_t mode);
// A missing file is no error.
Result<void> removeFile(const fs::path &path);
Result<void> makeDirectory(const fs::path &path, std::uint32_t mode = 0755);
Result<void> makeDirectories(const fs::path &path, std::uint32_t mode = 0755);
// Renames within one file system; what stands at `to` must not exist, or be an empty folder.
Result<void> rename(const fs::path &from, const fs::path &to);

// Waits until the folder's own entries are on the disk.
Result<void> syncDirectory(const fs::path &path);
// Waits until everything that was written to the file system of `path` is on the disk.
Result<void> syncFileSystem(const fs::path &path);
// What the file itself takes of the disk; 0 when missing.
std::uint64_t allocatedSize(const fs::path &path);
// Bytes that this user may still write there.
Result<std::uint64_t> freeSpace(const fs::path &path);
// Whether this user may create and rename entries in the folder.
bool isWritableDirectory(const fs::path &path);

// Which file or folder it is, whatever its name: device and number. Empty when missing.
std::string identityOf(const fs::path &path);

} // namespace Freshen::Platform
