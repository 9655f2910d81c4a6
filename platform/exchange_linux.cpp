// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/exchange.h"

#include "platform/file.h"
#include "platform/fileattributes.h"
#include "platform/seam.h"
#include "platform/tree.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

namespace Freshen::Platform {

namespace {

using Kind = FileCall::Kind;

bool isUnsupported(int number)
{
    return number == ENOSYS || number == EINVAL || number == EXDEV || number == ENOTSUP;
}

} // namespace

Result<void> exchange(const fs::path &one, const fs::path &other)
{
    const int exchanged = changing({.kind = Kind::Exchange, .path = one, .other = other}, [&] {
        return ::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE);
    });
    if (exchanged == 0)
        return {};
    if (!isUnsupported(errno))
        return tl::unexpected<Error>(systemError("exchange", one, errno));
    return failure(ErrorCode::NO_EXCHANGE,
                   "The file system of " + one.string() + " cannot exchange two folders in one "
                   "step (" + std::strerror(errno) + "), so the app cannot be updated safely "
                   "there. Move it to an ext4, xfs, btrfs or tmpfs file system.");
}

Result<void> replaceFile(const fs::path &from, const fs::path &to)
{
    return Platform::rename(from, to);
}

Result<void> keepAs(const fs::path &file, const fs::path &name)
{
    const int linked = changing({.kind = Kind::HardLink, .path = file, .other = name}, [&] {
        return ::linkat(AT_FDCWD, file.c_str(), AT_FDCWD, name.c_str(), 0);
    });
    if (linked == 0)
        return {};
    const bool hasLinks = errno != EPERM && errno != ENOTSUP && errno != EMLINK && errno != ENOSYS
        && errno != EXDEV;
    if (hasLinks)
        return tl::unexpected<Error>(systemError("keep", file, errno));
    const auto attributes = fileAttributes(file);
    if (!attributes)
        return failure(attributes);
    if (auto copied = copyFile(file, name, 0600); !copied)
        return copied;
    return applyAttributes(name, *attributes);
}

Result<void> checkExchange(const fs::path &folder)
{
    const fs::path one = folder / "probe-1";
    const fs::path other = folder / "probe-2";
    Result<void> result = makeDirectories(one);
    if (result)
        result = makeDirectories(other);
    if (result)
        result = exchange(one, other);
    (void)removeTree(one);
    (void)removeTree(other);
    return result;
}

std::string objectionToWriting(const fs::path &folder)
{
    if (::access(folder.c_str(), W_OK | X_OK) == 0)
        return {};
    switch (errno) {
    case EROFS:
        return "it is on a read-only file system";
    case EPERM:
        return "it is immutable, see chattr(1)";
    default:
        return std::strerror(errno);
    }
}

} // namespace Freshen::Platform
