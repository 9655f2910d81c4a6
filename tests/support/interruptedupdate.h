// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Changes of an app that are cut off anywhere, and what has to be true afterwards: a complete
// version stands at the app's path, what is the user's is there, and the next start leaves nothing
// undone.

#pragma once

#include "tests/support/enginefixture.h"
#include "tests/support/faultyfiles.h"

#include <memory>
#include <set>

namespace Freshen {

struct Scenario {
    const char *name;
    std::function<void(const EngineFixture &)> before;
    std::function<void(const EngineFixture &)> run;
    QString outcome; // the version that is there when all was done
};

// Updates and rollbacks that stay and that do not, and the recovery of one.
const std::vector<Scenario> &scenarios();

class InterruptedUpdate
{
public:
    // With version 1.0 installed and used, as it is before the change begins. `isInPieces`: where
    // no two folders can be exchanged.
    InterruptedUpdate(const Scenario &scenario, bool isInPieces);

    const EngineFixture &fixture() const { return *m_fixture; }
    // To be in force whenever something is done with the app.
    FaultRule rule() const;
    void run() const { m_scenario->run(*m_fixture); }

    // Recovers what is in the fixture's folder, and says what is wrong before or after; empty when
    // nothing is. `isDone`: nothing was cut off. `guardFirst`: somebody starts the app before.
    QString recover(bool isDone, bool guardFirst);
    // How many different ends there were.
    std::size_t results() const { return m_results.size(); }

private:
    QString checkStart() const;
    QString bringInOrder(bool guardFirst) const;
    QString checkFiles() const;
    QString checkNext() const;

    const Scenario *m_scenario;
    bool m_isInPieces;
    std::unique_ptr<EngineFixture> m_fixture;
    std::set<QByteArray> m_results; // looked at once each
};

} // namespace Freshen
