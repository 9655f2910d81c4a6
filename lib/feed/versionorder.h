// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "updater-helper/trust/versionorder.h"

#include <QString>

#include <functional>

namespace Freshen {

using Trust::Versioning;

// Trust's order of versions for texts of Qt.
int compareVersions(const QString &left, const QString &right,
                    Versioning versioning = Versioning::Sparkle);

// The same as a value, so that an application can bring an order of its own.
using VersionOrder = std::function<int(const QString &left, const QString &right)>;
VersionOrder versionOrder(Versioning versioning);

} // namespace Freshen
