// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Installs that may be updated with more rights than those of whoever asks. An administrator
// registers them; everything that matters is read from there, never from the one who asks.

#pragma once

#include "updater-helper/install/layout.h"
#include "updater-helper/trust/root.h"
#include "updater-helper/trust/versionorder.h"

#include <optional>

namespace Freshen::Install {

struct Registration {
    std::string id;
    std::filesystem::path app; // without links
    std::string product;
    std::string version; // when it was registered: nothing older is ever installed
    Trust::Versioning versioning = Trust::Versioning::Sparkle;
    std::vector<Trust::PublicKey> keys; // of releases
    std::string root; // the first root, which then says the keys; empty: there is none

    // "org.example.notes-1a2b3c4d": the product and where it lies.
    static std::string idFor(const std::string &product, const std::filesystem::path &app);
    static bool isId(std::string_view text);

    // UNSAFE_DIR when somebody else may write to it or to the app's folder, NEEDS_RIGHTS when
    // there is none.
    static Result<Registration> read(const std::string &id);
    // The one of the app at this path, for whoever wants to ask for an update; not checked.
    static std::optional<Registration> find(const std::filesystem::path &app);
    Result<void> write() const;
    Result<void> remove() const;

    Layout layout() const { return Layout(app); }
};

// What was accepted for a registered install, which only an administrator can write.
struct Floor {
    std::string version; // nothing older is installed
    std::string root; // the newest one

    // What was accepted last, is installed, or was when it was registered: the newest of them.
    static Result<Floor> read(const Registration &registration);
    Result<void> write(const Registration &registration) const;
};

// The copy of the helper that an administrator lets run with rights.
std::filesystem::path registeredHelper();

} // namespace Freshen::Install
