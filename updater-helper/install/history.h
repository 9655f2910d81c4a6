// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What happened to an install: the last result, and the releases that it does not want again.

#pragma once

#include "updater-helper/install/layout.h"

#include <optional>
#include <set>

namespace Freshen::Install {

struct LastResult {
    std::string result; // "updated", "rolled-back", "repaired", "restored", "failed"
    std::string from;
    std::string to;
    std::string at; // UTC, "2026-11-22T10:00:00Z"
    std::string errorCode; // empty when all went well
    std::string errorMessage;
    std::string downtimeMs; // without a running app; empty when nobody measured it
    std::vector<std::string> kept; // files of the user that could not stay where they were
    bool isReported = false; // to the person, by the app

    void setError(const Error &error);
    Result<void> write(const Layout &layout) const;
    // Nothing when nothing happened yet, or when the file cannot be read.
    static std::optional<LastResult> read(const Layout &layout);
};

std::string utcNow();

// Why a release is not wanted.
enum class Refusal {
    Failed, // was not ready: not installed again unless asked for
    Left, // the person went back from it: not offered by scheduled checks
};

std::set<std::string> refusedVersions(const Layout &layout, Refusal refusal);
Result<void> refuse(const Layout &layout, Refusal refusal, const std::string &version);
// After a version was installed after all.
Result<void> forgetRefusals(const Layout &layout, const std::string &version);

} // namespace Freshen::Install
