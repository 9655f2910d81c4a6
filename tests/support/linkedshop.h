// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/support/workshop.h"

namespace Freshen {

// A workshop whose app links the library and brings its own helper (linkedapp.cpp).
class LinkedShop : public Workshop
{
public:
    // With 1.0 installed, and a "fragile" 2.0 published.
    explicit LinkedShop(const QStringList &optionsOfNew = {});
    ~LinkedShop();

    // 1.0 as it was at first.
    void reinstall();
    void releaseLinked(const QString &version, const QString &behaviour = {});
    // What a fragile version meets from now on: "crash", "leave", "quit", or nothing.
    void setTrouble(const QByteArray &trouble) const;
    // A fragile version waits from now on until there is trouble for it.
    void delayTrouble() const;
    // Lets one go that waits, to meet this.
    void endDelay(const QByteArray &trouble = {}) const;

    // `freshen status`.
    QJsonObject status();
    // Whether nobody works beside the app.
    bool isFree() const;
    int runningApps() const;
};

} // namespace Freshen
