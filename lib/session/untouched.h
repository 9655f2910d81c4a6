// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

#include <chrono>

namespace Freshen {

// Removes the entries of a cache folder that nobody has written to for so long; a folder counts as
// written to with anything in it. Failing costs no more than space, so it is only logged.
void removeUntouched(const QString &folder, std::chrono::seconds time);

} // namespace Freshen
