// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string_view>

namespace Freshen::Trust {

enum class Versioning { Sparkle, SemVer };

// "sparkle" and "semver"; anything else is Sparkle's.
Versioning versioningFromName(std::string_view name);
std::string_view versioningName(Versioning versioning);

// Less than 0, 0 or more than 0 as `left`, in UTF-8, is older, equal or newer. Sparkle's standard
// comparator, exactly, or SemVer 2.0 precedence.
int compareVersions(std::string_view left, std::string_view right, Versioning versioning);

} // namespace Freshen::Trust
