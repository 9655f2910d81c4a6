// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace Freshen::Install {

// A small text file of "name value" lines behind a line that names its kind, as the engine's
// order, journal and result are. Values may hold any byte but are written on one line.
class Record
{
public:
    explicit Record(std::string kind) : m_kind(std::move(kind)) {}

    void add(std::string_view name, std::string_view value);
    // The value of the first line with that name; empty when there is none.
    std::string value(std::string_view name) const;
    std::vector<std::string> values(std::string_view name) const;

    // `path` is what a message names.
    static Result<Record> parse(std::string_view text, std::string_view kind,
                                const std::filesystem::path &path);
    static Result<Record> read(const std::filesystem::path &path, std::string_view kind);
    // Durably: after a power cut it is the old one or the new one.
    Result<void> write(const std::filesystem::path &path, std::uint32_t mode = 0644) const;

private:
    std::string m_kind;
    std::vector<std::pair<std::string, std::string>> m_lines;
};

} // namespace Freshen::Install
