// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

#include <functional>

namespace Freshen {

enum class Versioning { Sparkle, SemVer };

// Less than 0, 0 or more than 0 as `left` is older, equal or newer. Sparkle's standard comparator,
// exactly, or SemVer 2.0 precedence.
int compareVersions(const QString &left, const QString &right,
                    Versioning versioning = Versioning::Sparkle);

// The same as a value, so that an application can bring an order of its own.
using VersionOrder = std::function<int(const QString &left, const QString &right)>;
VersionOrder versionOrder(Versioning versioning);

} // namespace Freshen
