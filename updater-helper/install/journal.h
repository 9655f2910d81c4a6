// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "updater-helper/install/order.h"
#include "updater-helper/install/pieces.h"

#include <optional>

namespace Freshen::Install {

// What is under way, on the disk, so that whoever comes next can finish or undo it. No journal:
// nothing is under way. README.md tells what each state means.
struct Journal {
    enum class State { Ready, Committed, Back };
    // The exchange of the two versions: in one step, or piece by piece.
    enum class Method { AtOnce, Pieces };
    // What stands at the app's path: one version, the other, or a mixture with the guard before it.
    enum class Place { Old, Between, New };

    State state = State::Ready;
    ChangeKind kind = ChangeKind::Update;
    Method method = Method::AtOnce;
    Phase phase = Phase::Old; // how far the pieces are
    std::string oldIdentity; // of the two folders, whatever their names are just now
    std::string newIdentity;
    std::string newManifest; // the hash of the new version's
    std::string fromVersion;
    std::string toVersion;
    ReadyCheck ready;
    bool mayGoBack = true;
    bool isRefused = false; // going back because the new version was not ready
    std::string guard; // should it come to pieces
    int keeps = 1; // so many previous versions
    int starts = 0; // of the new version, without anyone waiting for its "ready"

    Result<void> write(const Layout &layout) const;
    // Nothing when there is no journal.
    static Result<std::optional<Journal>> read(const Layout &layout);
    static Result<void> remove(const Layout &layout);
    // What tells a folder from every other of its file system, also after a restart.
    static std::string identityOf(const std::filesystem::path &folder);

    std::filesystem::path tree(const Layout &layout) const;
    Place place(const Layout &layout) const;

private:
    bool isExchanged(const Layout &layout) const;
};

} // namespace Freshen::Install
