// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/namepolicy.h"

#include "updater-helper/trust/text.h"

#include <algorithm>
#include <array>

namespace Freshen::Trust {

namespace {

constexpr std::size_t maximumPath = 1024;
constexpr std::size_t maximumPart = 255;
constexpr std::size_t maximumDepth = 64;

using Objection = std::optional<std::string>;

std::vector<std::string_view> splitPath(std::string_view path)
{
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = path.find('/');
        parts.push_back(path.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        path.remove_prefix(end + 1);
    }
}

bool hasControlCharacter(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
}

bool isLetter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

std::string upperCase(std::string_view text)
{
    std::string upper(text);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
    return upper;
}

// Device names, which Windows finds in every folder and behind every extension: "nul.txt".
bool isWindowsDevice(std::string_view part)
{
    std::string stem = upperCase(part.substr(0, part.find('.')));
    while (stem.ends_with(' '))
        stem.pop_back();
    constexpr std::array<std::string_view, 6> devices = {"CON", "PRN", "AUX",
                                                         "NUL", "CONIN$", "CONOUT$"};
    if (std::find(devices.begin(), devices.end(), stem) != devices.end())
        return true;
    if (!stem.starts_with("COM") && !stem.starts_with("LPT"))
        return false;
    const std::string_view number = std::string_view(stem).substr(3);
    constexpr std::array<std::string_view, 3> superscripts = {"\u00b9", "\u00b2", "\u00b3"};
    return (number.size() == 1 && number[0] >= '0' && number[0] <= '9')
        || std::find(superscripts.begin(), superscripts.end(), number) != superscripts.end();
}

// "PROGRA~1.TXT": what Windows also calls "Program notes.txt". At most twelve characters, which are
// more bytes outside of ASCII.
bool couldBeShortName(std::string_view part)
{
    const auto characters = std::count_if(part.begin(), part.end(),
                                          [](char c) { return (c & 0xc0) != 0x80; });
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    for (std::size_t i = 0; i + 1 < part.size(); ++i) {
        if (part[i] == '~' && isDigit(part[i + 1]) && characters <= 12)
            return true;
    }
    return false;
}

Objection objectionOnWindows(std::string_view part)
{
    if (part.find_first_of("<>:\"|?*") != std::string_view::npos)
        return "has a character that Windows does not allow";
    if (part.ends_with('.') || part.ends_with(' '))
        return "ends in a dot or space, which Windows drops";
    if (isWindowsDevice(part))
        return "is the name of a Windows device";
    if (couldBeShortName(part))
        return "could be the short form of another name on Windows";
    return {};
}

Objection objectionToPart(std::string_view part, std::string_view os)
{
    if (part.empty())
        return "has an empty part";
    if (part == "." || part == "..")
        return "has a '" + std::string(part) + "' in it";
    if (part.size() > maximumPart)
        return "has a part of more than 255 bytes";
    return os == "windows" ? objectionOnWindows(part) : Objection();
}

Objection objectionToText(std::string_view text)
{
    if (text.empty())
        return "is empty";
    if (text.size() > maximumPath)
        return "is longer than 1024 bytes";
    if (!isValidUtf8(text))
        return "is not valid UTF-8";
    if (hasControlCharacter(text))
        return "has a control character";
    if (text.find('\\') != std::string_view::npos)
        return "has a backslash";
    if (text.front() == '/')
        return "is absolute";
    if (text.size() >= 2 && isLetter(text[0]) && text[1] == ':')
        return "begins with a drive letter";
    return {};
}

} // namespace

Objection objectionToPath(std::string_view path, std::string_view os)
{
    if (const auto objection = objectionToText(path))
        return objection;
    const auto parts = splitPath(path);
    if (parts.size() > maximumDepth)
        return "is nested too deeply";
    for (const std::string_view part : parts) {
        if (const auto objection = objectionToPart(part, os))
            return objection;
    }
    return {};
}

Objection objectionToLink(std::string_view path, std::string_view target, std::string_view os)
{
    if (const auto objection = objectionToText(target))
        return objection;
    // The folder of the link is where its target begins; going up is fine inside the tree, but not
    // behind a name: what stands there may be a link itself, and ".." is not where it seems to be.
    std::size_t depth = splitPath(path).size() - 1;
    bool isBehindName = false;
    for (const std::string_view part : splitPath(target)) {
        if (part == ".")
            continue;
        if (part == "..") {
            if (isBehindName)
                return "has a '..' behind a name";
            if (depth == 0)
                return "leads out of the app";
            --depth;
            continue;
        }
        if (const auto objection = objectionToPart(part, os))
            return objection;
        isBehindName = true;
    }
    return {};
}

} // namespace Freshen::Trust
