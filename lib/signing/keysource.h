// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/result.h"

#include <QByteArray>
#include <QString>

namespace Freshen {

// No key file is larger.
constexpr qint64 maximumKeyText = 4096;

// The text of a secret key from where a person keeps it: a file that nobody else may read or
// exchange, "-" for standard input, "env:NAME" for an environment variable, which is gone from the
// environment afterwards. KEY otherwise. Whoever asks for it wipes it.
Result<QByteArray> readKeySource(const QString &source);

// The password of the key with that name: from FRESHEN_PASSWORD, which is gone from the
// environment afterwards, else typed on the terminal.
Result<std::string> readPassword(const QString &name);

} // namespace Freshen
