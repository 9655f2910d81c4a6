// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/safefolder.h"

#include "platform/filecontent.h"
#include "platform/seam.h"
#include "platform/tree.h"

#include <cerrno>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace Freshen::Platform {

namespace {

constexpr int readOnly = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;

tl::unexpected<Error> unsafe(const fs::path &path, const std::string &why)
{
    return failure(ErrorCode::UNSAFE_DIR,
                   path.string() + " " + why
                       + ", so nothing is changed with an administrator's rights. An "
                         "administrator has to put that right.");
}

Result<void> requireOwnedByAdministrator(const fs::path &path, const struct stat &status)
{
    if (S_ISLNK(status.st_mode))
        return unsafe(path, "is a link");
    if (status.st_uid != 0)
        return unsafe(path, "belongs to user " + std::to_string(status.st_uid)
                                + ", not to the administrator");
    // The bits of the group also stand for whatever an access list allows.
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return unsafe(path, "can be written by others than the administrator");
    return {};
}

Result<void> requireSingleFile(int fd, const fs::path &path)
{
    struct stat status = {};
    if (::fstat(fd, &status) != 0)
        return tl::unexpected<Error>(systemError("read", path, errno));
    if (!S_ISREG(status.st_mode))
        return unsafe(path, "is not a file");
    if (status.st_nlink != 1)
        return unsafe(path, "has a second name");
    return {};
}

// One folder after the other, for kernels before 5.6 and filters that know no openat2.
int openStepwise(int folder, const std::string &path)
{
    Descriptor current(::fcntl(folder, F_DUPFD_CLOEXEC, 0));
    std::size_t begin = 0;
    for (std::size_t slash = path.find('/'); slash != std::string::npos;
         begin = slash + 1, slash = path.find('/', begin)) {
        const std::string part = path.substr(begin, slash - begin);
        if (part.empty() || part == "." || part == "..") {
            errno = EXDEV;
            return -1;
        }
        current = Descriptor(
            ::openat(current.value(), part.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
        if (!current.isOpen())
            return -1;
    }
    return ::openat(current.value(), path.c_str() + begin, readOnly);
}

int openBelow(int folder, const std::string &path)
{
    open_how how = {};
    how.flags = readOnly;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
    const long fd = ::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof(how));
    if (fd < 0 && (errno == ENOSYS || errno == EPERM))
        return openStepwise(folder, path);
    return int(fd);
}

} // namespace

Result<void> requireProtected(const fs::path &path)
{
    fs::path current;
    for (const fs::path &part : path) {
        current /= part;
        struct stat status = {};
        if (::lstat(current.c_str(), &status) != 0)
            return tl::unexpected<Error>(systemError("read", current, errno));
        if (auto owned = requireOwnedByAdministrator(current, status); !owned)
            return owned;
    }
    return {};
}

Result<void> requireProtectedTree(const fs::path &root)
{
    auto result = requireProtected(root);
    if (!result)
        return result;
    // Each folder is looked at before what it holds, so no path leads elsewhere meanwhile.
    const auto visited = visitTree(root, [&](const std::string &path, EntryType type) {
        struct stat status = {};
        if (result && type != EntryType::Link && ::lstat((root / path).c_str(), &status) == 0)
            result = requireOwnedByAdministrator(root / path, status);
        return result.has_value();
    });
    return result ? visited : result;
}

Result<std::string> readProtectedFile(const fs::path &path, std::size_t limit)
{
    if (auto isProtected = requireProtected(path); !isProtected)
        return failure(isProtected);
    const Descriptor file(::open(path.c_str(), readOnly));
    if (!file.isOpen())
        return tl::unexpected<Error>(systemError("read", path, errno));
    if (auto isSingle = requireSingleFile(file.value(), path); !isSingle)
        return failure(isSingle);
    return readRest(file, path, limit);
}

Result<void> setFolderMode(const fs::path &path, std::uint32_t mode)
{
    const auto folder = HeldFolder::open(path);
    if (!folder)
        return failure(folder);
    const auto set = [&] { return ::fchmod(folder->value(), mode); };
    if (changing({.kind = FileCall::Kind::SetMode, .path = path, .mode = mode}, set) != 0)
        return tl::unexpected<Error>(systemError("set the rights of", path, errno));
    return {};
}

Result<Descriptor> HeldFolder::open(const fs::path &path)
{
    Descriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd.isOpen())
        return tl::unexpected<Error>(systemError("read", path, errno));
    return fd;
}

Result<Descriptor> HeldFolder::openFile(const std::string &path) const
{
    Descriptor file(openBelow(m_fd.value(), path));
    if (!file.isOpen())
        return tl::unexpected<Error>(systemError("read the staged", path, errno));
    if (auto isSingle = requireSingleFile(file.value(), path); !isSingle)
        return failure(isSingle);
    return file;
}

Result<std::string> HeldFolder::readFile(const std::string &path, std::size_t limit) const
{
    const auto file = openFile(path);
    return file ? readRest(*file, path, limit) : failure(file);
}

} // namespace Freshen::Platform
