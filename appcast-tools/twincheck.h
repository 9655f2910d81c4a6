// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QStringList>

namespace Freshen {

// What to say of trees for Linux that other systems, and folders without case, could not hold: of
// the manifests in the folder, those with two names that differ only in case or spelling.
QStringList twinWarnings(const QString &folder);

} // namespace Freshen
