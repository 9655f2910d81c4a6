// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/session/feedcheck.h"

namespace Freshen {

// That there is nothing newer, why, and who else may have something.
QString noUpdateText(const CheckOutcome &outcome, const QString &installed);

} // namespace Freshen
