// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

namespace Freshen {

// What a considerate program looks at before it uses other people's power and money.
class Surroundings
{
public:
    virtual ~Surroundings();
    virtual bool isOnBattery() const;
    virtual bool isMetered() const;

    // The computer's, unless it was replaced.
    static const Surroundings &current();
    // Until the next call; nullptr brings the computer's back.
    static void replace(const Surroundings *surroundings);
};

} // namespace Freshen
