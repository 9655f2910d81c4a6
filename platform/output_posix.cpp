// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/process.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace Freshen::Platform {

namespace {

constexpr std::size_t blockSize = 4096;

// Everything until the end; nothing when there is too much of it or the time is over.
std::optional<std::string> readUntil(const Descriptor &pipe, Deadline deadline, std::size_t limit)
{
    std::string text;
    while (text.size() <= limit && waitForAny({pipe.value()}, deadline)) {
        char block[blockSize];
        const ssize_t count = ::read(pipe.value(), block, sizeof(block));
        if (count == 0)
            return text;
        if (count > 0)
            text.append(block, std::size_t(count));
        else if (errno != EINTR)
            break;
    }
    return {};
}

} // namespace

Result<std::string> readOutput(StartRequest request, Deadline deadline, std::size_t limit)
{
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return tl::unexpected<Error>(systemError("start", request.program, errno));
    const Descriptor readEnd(ends[0]);
    Descriptor writeEnd(ends[1]);
    request.discardOutput = true;
    request.output = writeEnd.value();
    auto process = Process::start(request);
    if (!process)
        return failure(ErrorCode::HELPER, process.error().message);
    writeEnd.reset();
    auto text = readUntil(readEnd, deadline, limit);
    if (!text || !waitForAny({process->handle().value()}, deadline))
        process->kill();
    waitForAny({process->handle().value()}, {});
    const auto code = process->exitCode();
    if (!text || code != 0)
        return failure(ErrorCode::HELPER,
                       request.program.string() + " failed, said too much or took too long.");
    return *text;
}

} // namespace Freshen::Platform
