// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/feedhazard.h"

#include <QLatin1StringView>

#include <algorithm>
#include <utility>

namespace Freshen {

namespace {

constexpr int maximumAttributes = 100;

// Passes over a comment, a processing instruction or a CDATA section; false where none begins.
bool skipSection(std::string_view &text)
{
    constexpr std::pair<std::string_view, std::string_view> sections[] = {
        {"<!--", "-->"}, {"<?", "?>"}, {"<![CDATA[", "]]>"}};
    for (const auto &[opening, closing] : sections) {
        if (!text.starts_with(opening))
            continue;
        const std::size_t end = text.find(closing, opening.size());
        text.remove_prefix(end == text.npos ? text.size() : end + closing.size());
        return true;
    }
    return false;
}

// Passes over a tag; returns how many attributes it has.
int skipTag(std::string_view &text)
{
    int attributes = 0;
    char quote = 0;
    std::size_t at = 0;
    for (; at < text.size() && (quote || text[at] != '>'); ++at) {
        const char c = text[at];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else
            attributes += c == '=';
    }
    text.remove_prefix(at);
    return attributes;
}

bool isDocumentType(std::string_view text)
{
    return QLatin1StringView(text.substr(0, FeedHazard::documentType.size()))
               .compare(QLatin1StringView(FeedHazard::documentType), Qt::CaseInsensitive)
        == 0;
}

} // namespace

FeedHazard FeedHazard::find(std::string_view feed)
{
    bool isBeforeRoot = true;
    std::string_view text = feed;
    while (true) {
        text.remove_prefix(std::min(text.find('<'), text.size()));
        if (text.empty())
            return {None, feed.size()};
        if (skipSection(text))
            continue;
        const std::size_t place = feed.size() - text.size();
        if (isBeforeRoot && isDocumentType(text))
            return {DocumentType, place};
        isBeforeRoot = false;
        if (skipTag(text) > maximumAttributes)
            return {OverfullTag, place};
    }
}

} // namespace Freshen
