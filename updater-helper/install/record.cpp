// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/record.h"

#include "platform/file.h"
#include "updater-helper/trust/text.h"

namespace Freshen::Install {

namespace {

std::string encoded(std::string_view value)
{
    std::string text;
    for (const char c : value) {
        if (c == '\n')
            text += "%0A";
        else if (c == '%')
            text += "%25";
        else
            text += c;
    }
    return text;
}

std::string decoded(std::string_view text)
{
    std::string value;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool isCode = text.substr(i, 3) == "%0A" || text.substr(i, 3) == "%25";
        value += !isCode ? text[i] : text[i + 1] == '0' ? '\n' : '%';
        i += isCode ? 2 : 0;
    }
    return value;
}

} // namespace

void Record::add(std::string_view name, std::string_view value)
{
    m_lines.emplace_back(name, value);
}

std::string Record::value(std::string_view name) const
{
    const auto all = values(name);
    return all.empty() ? std::string() : all.front();
}

std::vector<std::string> Record::values(std::string_view name) const
{
    std::vector<std::string> found;
    for (const auto &[lineName, lineValue] : m_lines) {
        if (lineName == name)
            found.push_back(lineValue);
    }
    return found;
}

Result<Record> Record::read(const std::filesystem::path &path, std::string_view kind)
{
    const auto text = Platform::readFile(path, 4u << 20);
    return text ? parse(*text, kind, path) : failure(text);
}

Result<Record> Record::parse(std::string_view text, std::string_view kind,
                             const std::filesystem::path &path)
{
    const auto lines = Trust::splitLines(text);
    if (lines.empty() || lines.front() != kind || !text.ends_with('\n'))
        return failure(ErrorCode::IO, "The file " + path.string() + " is damaged.");
    Record record{std::string(kind)};
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const std::size_t space = lines[i].find(' ');
        if (space == std::string_view::npos)
            return failure(ErrorCode::IO, "The file " + path.string() + " is damaged.");
        record.add(lines[i].substr(0, space), decoded(lines[i].substr(space + 1)));
    }
    return record;
}

Result<void> Record::write(const std::filesystem::path &path, std::uint32_t mode) const
{
    std::string text = m_kind + "\n";
    for (const auto &[name, value] : m_lines)
        text += name + " " + encoded(value) + "\n";
    return Platform::writeFileDurably(path, text, mode);
}

} // namespace Freshen::Install
