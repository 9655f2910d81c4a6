// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

namespace Freshen {

class Release;

// What makes a release more than an offer, in a sentence; empty for one that may be skipped.
QString urgency(const Release &release);

} // namespace Freshen
