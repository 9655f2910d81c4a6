// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/common/clock.h"

#include <QList>

#include <chrono>

namespace Freshen {

// Tells a program that ends now and then from one that cannot live.
struct CrashLoop {
    // So many ends within this time are a loop.
    static constexpr int limit = 5;
    static constexpr std::chrono::seconds window{60};

    // Adds an end, and forgets those that do not count any more.
    static void note(QList<QDateTime> &crashes, const QDateTime &now);
    static bool isLoop(const QList<QDateTime> &crashes) { return crashes.size() >= limit; }
    // How long to wait before the next start: longer with every end in the window.
    static std::chrono::milliseconds pause(const QList<QDateTime> &crashes);
};

} // namespace Freshen
