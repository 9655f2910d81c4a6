// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/lock.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace Freshen::Platform {

Result<Descriptor> lockFile(const fs::path &path)
{
    Descriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!fd.isOpen())
        return tl::unexpected<Error>(systemError("lock", path, errno));
    struct flock request = {};
    request.l_type = F_WRLCK;
    request.l_whence = SEEK_SET;
    // An open-file lock: it belongs to the open file, not to the process.
    if (::fcntl(fd.value(), F_OFD_SETLK, &request) == 0)
        return fd;
    if (errno == EACCES || errno == EAGAIN) {
        return failure(ErrorCode::BUSY,
                       "Another update of this app is under way (" + path.string()
                           + " is locked). Try again when it has ended.");
    }
    return tl::unexpected<Error>(systemError("lock", path, errno));
}

} // namespace Freshen::Platform
