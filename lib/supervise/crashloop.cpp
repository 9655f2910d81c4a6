// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/crashloop.h"

#include <algorithm>

namespace Freshen {

namespace {

constexpr std::chrono::milliseconds shortestPause{100};

}

void CrashLoop::note(QList<QDateTime> &crashes, const QDateTime &now)
{
    crashes += now;
    // A clock that was set back must not keep them for ever.
    crashes.removeIf([&](const QDateTime &time) {
        return !time.isValid() || time > now || time.secsTo(now) >= window.count();
    });
}

std::chrono::milliseconds CrashLoop::pause(const QList<QDateTime> &crashes)
{
    const int doublings = std::clamp(int(crashes.size()) - 1, 0, limit);
    return shortestPause * (1 << doublings);
}

} // namespace Freshen
