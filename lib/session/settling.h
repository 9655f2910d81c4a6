// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/session/startup.h"

#include <QObject>

namespace Freshen {

// Settles the app's own last update while the app starts, in the background. It waits for a helper
// that is still at work, and keeps a new version that nobody else watches. Then it removes from the
// user's cache what nobody needs any more.
class Settling : public QObject
{
    Q_OBJECT

public:
    explicit Settling(Installation installation);

    void start();

Q_SIGNALS:
    // What became of the last update, when nobody was told of it yet.
    void told(const Freshen::Install::LastResult &news);
    // Nothing is under way any more.
    void settled();
    // The old version is back and has been started; this program has to end.
    void wentBack();

private:
    void act(const StartupReport &report);

    Installation m_installation;
    int m_tries = 0;
};

} // namespace Freshen
