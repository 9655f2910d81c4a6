// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/file.h"
#include "platform/seam.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace Freshen::Platform {

Result<void> syncFileSystem(const fs::path &path)
{
    const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    const auto sync = [&] { return ::syncfs(fd.value()); };
    if (!fd.isOpen() || changing({.kind = FileCall::Kind::SyncFileSystem, .path = path}, sync) != 0)
        return tl::unexpected<Error>(systemError("write", path, errno));
    return {};
}

} // namespace Freshen::Platform
