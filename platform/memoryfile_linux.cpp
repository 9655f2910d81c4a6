// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/memoryfile.h"

#include <cerrno>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Freshen::Platform {

namespace {

tl::unexpected<Error> memoryError(std::string_view what)
{
    return tl::unexpected<Error>(systemError(what, "memory that another process shares", errno));
}

} // namespace

Result<Descriptor> createMemoryFile(std::string_view content)
{
    Descriptor file(::memfd_create("freshen-handover", MFD_CLOEXEC));
    if (!file.isOpen())
        return memoryError("create");
    while (!content.empty()) {
        const ssize_t written = ::write(file.value(), content.data(), content.size());
        if (written < 0 && errno != EINTR)
            return memoryError("write");
        if (written > 0)
            content.remove_prefix(std::size_t(written));
    }
    return file;
}

Result<std::string> readMemoryFile(const Descriptor &file, std::size_t limit)
{
    struct stat status = {};
    if (::fstat(file.value(), &status) != 0 || !S_ISREG(status.st_mode)
        || std::size_t(status.st_size) > limit) {
        return failure(ErrorCode::PROTOCOL,
                       "What another process shares is no file in memory, or "
                       "too large.");
    }
    std::string content(std::size_t(status.st_size), '\0');
    std::size_t done = 0;
    while (done < content.size()) {
        const ssize_t size = ::pread(file.value(), content.data() + done, content.size() - done,
                                     off_t(done));
        if (size == 0 || (size < 0 && errno != EINTR))
            return memoryError("read");
        done += size > 0 ? std::size_t(size) : 0;
    }
    return content;
}

} // namespace Freshen::Platform
