// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/transfer/slowdisk.h"

#include <QMutex>
#include <QWaitCondition>

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

QMutex mutex;
QWaitCondition changed;
bool isSlow = false;
qint64 allowed = 0;
qint64 taken = 0;

bool isFile(int fd)
{
    struct stat status = {};
    return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
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
extern "C" ssize_t write(int fd, const void *data, size_t size)
{
    if (isFile(fd))
        waitForTurn(qint64(size));
    return ::syscall(SYS_write, fd, data, size);
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
