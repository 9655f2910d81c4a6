// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/feed/appcast.h"

namespace Freshen {

// The feed as text, in one fixed form: same input, same bytes. Unsigned; see feedsignature.h.
QByteArray writeAppcast(const Appcast &appcast);

} // namespace Freshen
