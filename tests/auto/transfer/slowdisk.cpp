// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/transfer/slowdisk.h"

#include <QMutex>
#include <QWaitCondition>

#include <filesystem>
#include <string>

#include <sys/syscall.h>
#include <unistd.h>

namespace {

QMutex mutex;
QWaitCondition changed;
bool isSlow = false;
qint64 allowed = 0;
qint64 taken = 0;

// The downloaded bytes themselves, not what is noted about them.
bool isDownload(int fd)
{
    std::error_code error;
    const auto name = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), error);
    return name.extension() == ".part";
}

void waitForTurn(qint64 bytes)
{
    const QMutexLocker locker(&mutex);
    while (isSlow && taken + bytes > allowed)
        changed.wait(&mutex);
    taken += bytes;
}

} // namespace

// Stands in front of the system's for everything that is linked into this program.
extern "C" ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
    if (isDownload(fd))
        waitForTurn(qint64(size));
    return ::syscall(SYS_pwrite64, fd, data, size, offset);
}

extern "C" ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset)
{
    return pwrite(fd, data, size, offset);
}

SlowDisk::SlowDisk()
{
    const QMutexLocker locker(&mutex);
    isSlow = true;
    allowed = taken = 0;
}

SlowDisk::~SlowDisk()
{
    const QMutexLocker locker(&mutex);
    isSlow = false;
    changed.wakeAll();
}

void SlowDisk::allow(qint64 bytes)
{
    const QMutexLocker locker(&mutex);
    allowed = taken + bytes;
    changed.wakeAll();
}

qint64 SlowDisk::written() const
{
    const QMutexLocker locker(&mutex);
    return taken;
}
