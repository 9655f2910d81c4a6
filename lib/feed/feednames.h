// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

namespace Freshen {

// The vocabularies of a feed besides plain RSS.
inline constexpr QLatin1StringView
    sparkleNamespace("http://www.andymatuschak.org/xml-namespaces/sparkle");
inline constexpr QLatin1StringView freshenNamespace("urn:freshen:appcast:1");

} // namespace Freshen
