// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A root that is being made: nobody signed it yet, so its keys may still change.

#pragma once

#include "appcast-tools/publisher.h"
#include "updater-helper/trust/root.h"

namespace Freshen {

// The roles in the order of the file.
inline constexpr std::array<const char *, 3> rootRoleNames = {"root", "feed", "release"};
// The role with that name, or USAGE.
Result<Trust::RootRole *> roleOf(Trust::Root &root, const QString &name);

// `text` is a public key or its file. CONFIG where the role has it already, or does not have it.
Result<void> addKey(Trust::Root &root, const QString &role, const QString &text);
Result<void> removeKey(Trust::Root &root, const QString &role, const QString &text);

// --threshold ROLE=N, and --expires DAYS, which counts from now; issued now.
QCommandLineOption thresholdOption();
QCommandLineOption expiresOption();
Result<void> setThresholds(Trust::Root &root, const CommandLine &line);
Result<void> setTimes(Trust::Root &root, const CommandLine &line);

// The file of a draft, after everything that a client would refuse was refused. CONFIG.
Result<std::string> draftText(const Trust::Root &root);
// Writes it into a new file, and says what comes next.
Result<Answer> writeNewDraft(const Trust::Root &root, const QString &path);
// "FILE is a draft of root 2 …": what a publisher sees of a draft.
Answer draftAnswer(const Trust::Root &root, const QString &path);

} // namespace Freshen
