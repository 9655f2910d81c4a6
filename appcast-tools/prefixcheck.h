// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QString>

namespace Freshen {

// Where the prefix "sparkle" and Sparkle's name are not bound to each other; empty where they are.
QString prefixObjection(const QByteArray &feed);

} // namespace Freshen
