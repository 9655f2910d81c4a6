// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/randomfile.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Freshen::Platform {

namespace {

tl::unexpected<Error> systemFailure(std::string_view what, const fs::path &path)
{
    return tl::unexpected<Error>(systemError(what, path, errno));
}

// False where somebody else has it; file systems without locks let everybody in.
bool lockNow(const Descriptor &fd)
{
    struct flock request = {};
    request.l_type = F_WRLCK;
    request.l_whence = SEEK_SET;
    return ::fcntl(fd.value(), F_OFD_SETLK, &request) == 0 || (errno != EAGAIN && errno != EACCES);
}

// The rest of `bytes` after one call; nothing where that failed.
template<typename Span, typename Call>
Result<Span> step(Span bytes, std::string_view what, const fs::path &path, Call call)
{
    const ssize_t count = call(bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR)
        return bytes;
    if (count < 0)
        return systemFailure(what, path);
    if (count == 0)
        return failure(ErrorCode::IO, path.string() + " ends too early. Try again.");
    return bytes.subspan(std::size_t(count));
}

} // namespace

Result<RandomFile> RandomFile::open(const fs::path &path)
{
    // A fifo that somebody put there would wait for ever.
    const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    Descriptor fd(::open(path.c_str(), flags, 0600));
    if (!fd.isOpen())
        return systemFailure("write", path);
    struct stat status = {};
    if (::fstat(fd.value(), &status) != 0)
        return systemFailure("read", path);
    if (!S_ISREG(status.st_mode))
        return failure(ErrorCode::IO, path.string() + " is no file. Remove it and try again.");
    if (!lockNow(fd))
        return failure(ErrorCode::BUSY, path.string() + " is in use. Try again when the other "
                                        "program has ended.");
    return RandomFile(std::move(fd), path);
}

Result<std::uint64_t> RandomFile::size() const
{
    struct stat status = {};
    if (::fstat(m_fd.value(), &status) != 0)
        return systemFailure("read", m_path);
    return std::uint64_t(status.st_size);
}

Result<void> RandomFile::resize(std::uint64_t size)
{
    if (::ftruncate(m_fd.value(), off_t(size)) != 0)
        return systemFailure("write", m_path);
    return {};
}

Result<void> RandomFile::write(std::uint64_t offset, Bytes bytes)
{
    while (!bytes.empty()) {
        const auto rest = step(bytes, "write", m_path, [&](const auto *data, std::size_t size) {
            return ::pwrite(m_fd.value(), data, size, off_t(offset));
        });
        if (!rest)
            return failure(rest);
        offset += bytes.size() - rest->size();
        bytes = *rest;
    }
    return {};
}

Result<void> RandomFile::read(std::uint64_t offset, std::span<std::uint8_t> bytes) const
{
    while (!bytes.empty()) {
        const auto rest = step(bytes, "read", m_path, [&](auto *data, std::size_t size) {
            return ::pread(m_fd.value(), data, size, off_t(offset));
        });
        if (!rest)
            return failure(rest);
        offset += bytes.size() - rest->size();
        bytes = *rest;
    }
    return {};
}

Result<void> RandomFile::sync()
{
    if (::fsync(m_fd.value()) != 0)
        return systemFailure("write", m_path);
    return {};
}

} // namespace Freshen::Platform
