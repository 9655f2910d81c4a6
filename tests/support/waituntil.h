// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QEventLoop>
#include <QTimer>

namespace Freshen {

// Waits until it is so, at most two minutes. Never sleeps as QTRY_VERIFY does: the fault server
// works in this thread.
template<typename Condition>
bool waitUntil(Condition isSo)
{
    QEventLoop loop;
    QTimer::singleShot(120'000, &loop, &QEventLoop::quit);
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if (isSo())
            loop.quit();
    });
    look.start(1);
    loop.exec();
    return isSo();
}

} // namespace Freshen
