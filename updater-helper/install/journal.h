// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "updater-helper/install/order.h"

#include <optional>

namespace Freshen::Install {

// What is under way, on the disk, so that whoever comes next can finish or undo it. No journal:
// nothing is under way. See engine.h for what each state means.
struct Journal {
    enum class State { Ready, Swapped, Committed, Back };

    State state = State::Ready;
    ChangeKind kind = ChangeKind::Update;
    std::string oldIdentity; // of the two folders, whatever their names are just now
    std::string newIdentity;
    std::string fromVersion;
    std::string toVersion;
    ReadyCheck ready;
    bool mayGoBack = true;
    bool isRefused = false; // going back because the new version was not ready
    int starts = 0; // of the new version, without anyone waiting for its "ready"

    Result<void> write(const Layout &layout) const;
    // Nothing when there is no journal.
    static Result<std::optional<Journal>> read(const Layout &layout);
    static Result<void> remove(const Layout &layout);

    std::filesystem::path tree(const Layout &layout) const;
    // Whether the new version stands at the app's path.
    bool isSwapped(const Layout &layout) const;
};

} // namespace Freshen::Install
