// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What the commands of a publisher have in common.

#pragma once

#include "lib/commandline/program.h"
#include "lib/signing/secretkey.h"

#include <QDateTime>

#include <filesystem>

namespace Freshen {

// --key, as every signing command has it, and the key that it names.
QCommandLineOption keyOption();
Result<SecretKey> secretKeyOf(const CommandLine &line);
// The present time in whole seconds, or that of SOURCE_DATE_EPOCH.
Result<QDateTime> publishingTime();
// "2026-11-22T10:00:00Z"
QString timeText(const QDateTime &time);
// A durable file with this content, which must not exist yet.
Result<void> createFile(const std::filesystem::path &path, std::string_view content,
                        std::uint32_t mode);

constexpr qint64 secondsPerDay = 24 * 60 * 60;
// Nothing that is signed counts for more than a year.
constexpr int maximumDays = 366;
// A root's keepers need some time to meet.
constexpr int soonDaysOfRoot = 30;

} // namespace Freshen
