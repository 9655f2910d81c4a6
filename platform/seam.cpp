// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/seam.h"

#include <atomic>

namespace Freshen::Platform {

namespace {

std::atomic<FileSeam *> currentSeam = nullptr;

} // namespace

FileSeam *setFileSeam(FileSeam *seam)
{
    return currentSeam.exchange(seam);
}

FileSeam *fileSeam()
{
    return currentSeam.load(std::memory_order_relaxed);
}

} // namespace Freshen::Platform
