// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Which names and links a tree may have (rows H10 to H13 of the threat table).

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace Freshen::Trust {

// Why a path of a manifest or archive is refused, as the end of a sentence ("has a '..' in it");
// nothing when it is fine. `os` is the manifest's, never this computer's.
std::optional<std::string> objectionToPath(std::string_view path, std::string_view os);

// The same for the target of the link at `path`: relative, and inside the tree.
std::optional<std::string> objectionToLink(std::string_view path, std::string_view target,
                                           std::string_view os);

} // namespace Freshen::Trust
