// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/session/surroundings.h"

namespace Freshen {

// Surroundings as the test wants them, while it lives.
class Cafe : public Surroundings
{
public:
    bool battery = false;
    bool metered = false;

    Cafe() { replace(this); }
    ~Cafe() override { replace(nullptr); }
    bool isOnBattery() const override { return battery; }
    bool isMetered() const override { return metered; }
};

} // namespace Freshen
