// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string_view>

namespace Freshen {

// What Qt's parser may not see of a feed, because it would take all the memory or time there is
// before it says anything: the declarations of a document type, and tags with very many attributes.
struct FeedHazard {
    static constexpr std::string_view documentType = "<!DOCTYPE"; // in any case

    enum Kind { None, DocumentType, OverfullTag };
    Kind kind = None;
    std::size_t place = 0; // where it begins, or the feed's size

    // The first one. This is a walk through the markup alone. Where that is not well-formed, walk
    // and parser disagree, but then the parser has refused the feed before.
    static FeedHazard find(std::string_view feed);
};

} // namespace Freshen
