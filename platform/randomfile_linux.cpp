// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/randomfile.h"

#include <cerrno>

#include <fcntl.h>

namespace Freshen::Platform {

Result<void> RandomFile::reserve(std::uint64_t size)
{
    // posix_fallocate would write zeros where the file system cannot do it.
    while (size > 0 && ::fallocate(m_fd.value(), 0, 0, off_t(size)) != 0) {
        if (errno == EOPNOTSUPP || errno == ENOSYS)
            return {};
        if (errno != EINTR)
            return tl::unexpected<Error>(systemError("write", m_path, errno));
    }
    return {};
}

} // namespace Freshen::Platform
