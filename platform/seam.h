// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Between the program and the disk: a test that stands here sees every call that changes an app or
// what is kept beside it, and decides what becomes of it. Locks and downloads do not come by.

#pragma once

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <span>

namespace Freshen::Platform {

struct FileCall {
    enum class Kind {
        CreateFile,
        Write, // at the end of a file that was just created
        SetMode,
        SetOwner,
        SetAttribute,
        Close, // of a file that was written
        SyncFile,
        SyncFolder,
        SyncFileSystem,
        Rename, // over what `other` names, if there is something
        Exchange,
        HardLink, // `other` becomes a further name of `path`
        SymbolicLink, // `path` leads to `other`
        MakeFolder,
        RemoveFile,
        RemoveFolder,
    };
    static inline const std::filesystem::path nothing;

    Kind kind;
    const std::filesystem::path &path;
    const std::filesystem::path &other = nothing;
    std::span<const std::uint8_t> bytes = {}; // of Write
    std::uint32_t mode = 0; // of CreateFile, SetMode, MakeFolder
};

class FileSeam
{
public:
    virtual ~FileSeam() = default;
    // 0, or the errno with which the call is to fail instead of being made.
    virtual int before(const FileCall &call) = 0;
    // The call succeeded; `bytes` are those that were written.
    virtual void after(const FileCall &call) = 0;
};

// Only for tests, and only their code can set it. Calls come from every thread that writes. Returns
// the seam that was there; none is null.
FileSeam *setFileSeam(FileSeam *seam);
FileSeam *fileSeam();

// Makes a call through the seam: `run` returns what the system does, negative with errno set for a
// failure.
template<typename Run>
auto changing(const FileCall &call, Run run) -> decltype(run())
{
    FileSeam *seam = fileSeam();
    if (!seam)
        return run();
    if (const int number = seam->before(call)) {
        errno = number;
        return -1;
    }
    const auto result = run();
    if (result < 0)
        return result;
    FileCall done = call;
    if (call.kind == FileCall::Kind::Write)
        done.bytes = call.bytes.first(std::size_t(result));
    seam->after(done);
    return result;
}

} // namespace Freshen::Platform
