// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/pieces.h"

#include "updater-helper/install/record.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace Freshen::Install {

namespace {

constexpr std::string_view planKind = "freshen-pieces 1";
constexpr std::array<std::string_view, 4> kindNames = {"replace", "add", "remove", "displace"};

fs::path planFile(const Layout &layout)
{
    return layout.pieces() / "plan";
}

} // namespace

Result<void> Pieces::write() const
{
    Record record{std::string(planKind)};
    record.add("old-executable", m_oldExecutable);
    record.add("new-executable", m_newExecutable);
    for (const Piece &piece : m_pieces)
        record.add("piece", std::string(kindNames[std::size_t(piece.kind)]) + " " + piece.path);
    for (const auto &[path, mode] : m_oldFolders)
        record.add("old-folder", std::to_string(mode) + " " + path);
    for (const auto &[path, mode] : m_newFolders)
        record.add("new-folder", std::to_string(mode) + " " + path);
    return record.write(planFile(*m_layout));
}

Result<Pieces> Pieces::read(const Layout &layout, const fs::path &tree)
{
    const auto record = Record::read(planFile(layout), planKind);
    if (!record)
        return failure(record);
    const auto toFolders = [](const std::vector<std::string> &lines) {
        Folders folders;
        for (const std::string &line : lines) {
            const std::size_t space = line.find(' ');
            std::from_chars(line.data(), line.data() + space, folders[line.substr(space + 1)]);
        }
        return folders;
    };
    Pieces pieces(layout, tree);
    pieces.m_oldExecutable = record->value("old-executable");
    pieces.m_newExecutable = record->value("new-executable");
    pieces.m_oldFolders = toFolders(record->values("old-folder"));
    pieces.m_newFolders = toFolders(record->values("new-folder"));
    for (const std::string &line : record->values("piece")) {
        const std::size_t space = line.find(' ');
        const auto *kind = std::find(kindNames.begin(), kindNames.end(), line.substr(0, space));
        if (kind == kindNames.end())
            return failure(ErrorCode::IO, "The file " + planFile(layout).string()
                                              + " is damaged.");
        pieces.m_pieces.push_back({Kind(kind - kindNames.begin()), line.substr(space + 1)});
    }
    return pieces;
}

} // namespace Freshen::Install
