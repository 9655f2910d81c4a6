// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/commandline/program.h"
#include "lib/session/feedcheck.h"
#include "lib/session/installation.h"

namespace Freshen {

// --app, as every command that works on an install has it.
QCommandLineOption appOption();
// The install that --app names.
Result<Installation> installationOf(const CommandLine &line);

// --feed, --public-key and --channel, which replace what the app says of itself.
QList<QCommandLineOption> feedOptions();
Result<void> applyFeedOptions(const CommandLine &line, CheckRequest &request);

} // namespace Freshen
