// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/linkchains.h"

namespace Freshen::Trust {

namespace {

// macOS follows so many, Linux eight more.
constexpr int maximumLinks = 32;

std::string folderOf(const std::string &path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

// The parts of a target in front of those that are still to be walked, the next one last.
void pushParts(std::vector<std::string_view> &parts, std::string_view target)
{
    while (true) {
        const std::size_t slash = target.rfind('/');
        parts.push_back(slash == std::string_view::npos ? target : target.substr(slash + 1));
        if (slash == std::string_view::npos)
            return;
        target = target.substr(0, slash);
    }
}

} // namespace

std::optional<std::string> objectionToChain(const ManifestEntry &link, const Manifest &manifest)
{
    std::vector<std::string_view> parts;
    pushParts(parts, link.target);
    std::string place = folderOf(link.path);
    for (int links = 1; !parts.empty();) {
        const std::string_view part = parts.back();
        parts.pop_back();
        if (part == ".")
            continue;
        if (part == "..") {
            place = folderOf(place);
            continue;
        }
        place += (place.empty() ? "" : "/") + std::string(part);
        const ManifestEntry *entry = manifest.find(place);
        if (!entry)
            return {};
        if (entry->type != Platform::EntryType::Link)
            continue;
        if (++links > maximumLinks)
            return "is a link that leads back to itself, or through too many others";
        pushParts(parts, entry->target);
        place = folderOf(place);
    }
    return {};
}

} // namespace Freshen::Trust
