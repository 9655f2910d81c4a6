// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/result.h"

#include <QByteArray>
#include <QString>

namespace Freshen {

// No key file is larger.
constexpr qint64 maximumKeyText = 4096;

// The text of a secret key from where a person keeps it: a file that nobody else may read, "-"
// for standard input, "env:NAME" for an environment variable. KEY otherwise.
Result<QByteArray> readKeySource(const QString &source);

} // namespace Freshen
