// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Takes a release in from a folder that somebody else may go on changing. Each file is opened once
// and copied, while it is hashed, to a place that only an administrator can write: what lies there
// afterwards is what was verified, whatever becomes of the original.

#pragma once

#include "platform/safefolder.h"
#include "updater-helper/install/registration.h"
#include "updater-helper/trust/treecheck.h"

namespace Freshen::Install {

// A release as it is offered: the tree in the folder "staged", newer roots beside it as "N.root".
struct Offer {
    Trust::Manifest manifest;
    std::string manifestText;
    std::string manifestSignature;
    std::vector<Trust::PublicKey> keys; // that may sign releases
    Floor floor; // once the release was accepted

    static constexpr std::string_view treeName = "staged";
    static std::string rootName(std::uint64_t version);

    // Verifies manifest and roots with what is registered. DOWNGRADE for a release below the
    // floor; SIGNATURE, ROOT_CHAIN, WRONG_PRODUCT, WRONG_PLATFORM, MANIFEST.
    static Result<Offer> read(const Platform::HeldFolder &folder, const Registration &registration);
};

// Copies the tree to `target`, which must not exist. MANIFEST where a file is not as it was signed.
Result<void> takeIn(const Platform::HeldFolder &folder, const Offer &offer,
                    const std::filesystem::path &target, const Trust::Progress &progress);

} // namespace Freshen::Install
