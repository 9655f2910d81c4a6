// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/mountpoint.h"

#include <cerrno>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace Freshen::Platform {

Descriptor openWithoutMounts(int folder, const char *name)
{
    constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    open_how how = {};
    how.flags = flags;
    // Also what comes from the same file system, mounted a second time.
    how.resolve = RESOLVE_NO_XDEV;
    const long fd = ::syscall(SYS_openat2, folder, name, &how, sizeof(how));
    if (fd < 0 && (errno == ENOSYS || errno == EPERM))
        return Descriptor(::openat(folder, name, flags));
    return Descriptor(int(fd));
}

Result<void> requireNotMounted(const fs::path &folder)
{
    const Descriptor parent(
        ::open(folder.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!parent.isOpen() || openWithoutMounts(parent.value(), folder.filename().c_str()).isOpen()
        || errno != EXDEV)
        return {};
    return failure(ErrorCode::NO_EXCHANGE,
                   folder.string() + " is a mount point and cannot be exchanged. Install the app "
                                     "in a folder of what is mounted there.");
}

} // namespace Freshen::Platform
