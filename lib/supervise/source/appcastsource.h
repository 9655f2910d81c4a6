// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/supervise/target.h"

namespace Freshen {

// A signed appcast: judged, freshness and all, as the installed app judges its own. What it brings
// is the package that it chooses.
std::unique_ptr<UpdateSource> makeAppcastSource(const QUrl &feed, const SourceOptions &options,
                                                std::shared_ptr<const Target> target);

} // namespace Freshen
