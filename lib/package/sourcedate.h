// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/result.h"

#include <QDateTime>

#include <optional>

namespace Freshen {

// The time that SOURCE_DATE_EPOCH gives, so that the same input makes the same bytes; nothing
// when the variable is not set, CONFIG when it holds no number of seconds.
Result<std::optional<QDateTime>> sourceDate();

} // namespace Freshen
