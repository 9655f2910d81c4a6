// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What the commands of a publisher have in common.

#pragma once

#include "lib/commandline/program.h"
#include "lib/signing/secretkey.h"

#include <QDateTime>

namespace Freshen {

// --key, as every signing command has it, and the key that it names.
QCommandLineOption keyOption();
Result<SecretKey> secretKeyOf(const CommandLine &line);
// The present time in whole seconds, or that of SOURCE_DATE_EPOCH.
Result<QDateTime> publishingTime();

} // namespace Freshen
