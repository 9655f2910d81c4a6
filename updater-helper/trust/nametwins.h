// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Different names that are one file on the system that a tree is for (row H11).

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace Freshen::Trust {

// Windows and macOS compare names without case, macOS also without regard to how a character is
// composed. Judged more strictly than either, so that one table holds for both and for whatever
// their file systems do next: full case folding of the normalised name (so "ß" is "ss", and the
// Kelvin sign is "k"), without characters that cannot be seen. On Linux no two names are twins.
class NameTwins
{
public:
    // `os` is the manifest's, never this computer's.
    explicit NameTwins(std::string_view os);

    // Why `path` cannot stand beside the paths that were added before, as the end of a sentence;
    // its folders are compared as well, for an archive need not list them. A path that was there
    // before, in the same spelling, is no twin. `path` is one that the name policy allows.
    std::optional<std::string> add(std::string_view path);

private:
    bool m_folds;
    std::unordered_map<std::string, std::string> m_spellings; // by what they are compared by
};

} // namespace Freshen::Trust
