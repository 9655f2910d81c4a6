// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The exchange of an app and another tree piece by piece, where it cannot be done in one step: on
// file systems without that, and for apps that are a single file. Afterwards each has what the
// other had, as after an exchange in one step; what is alike in both, and what is the user's,
// stays.
//
//        aside              in                out
//   old ------> old pieces ------> new pieces ------> old pieces      new
//               leave the app      enter it           go to the tree
//
// Each phase is noted on the disk before it begins and is on the disk before the next one is noted,
// so within a phase it tells of each piece where it is whether it was moved already, and every
// phase can be repeated and undone. Meanwhile the guard stands at the executable's path; the new
// executable replaces it as the last of the new pieces, the old one as the last when going back.

#pragma once

#include "updater-helper/install/layout.h"
#include "updater-helper/trust/treecheck.h"

#include <array>
#include <map>

namespace Freshen::Install {

namespace fs = std::filesystem;

enum class Phase { Old, Aside, In, Out, New };

class Pieces
{
public:
    using Note = std::function<Result<void>(Phase)>;

    // Remembers which files of the app are as they were signed; the app may run meanwhile.
    static Result<void> survey(const Layout &layout, const fs::path &guard,
                               const Trust::Progress &progress);
    static fs::path surveyFile(const Layout &layout);
    static fs::path guardFile(const Layout &layout);
    // Notes what has to move; nothing may run from the app any more.
    static Result<void> plan(const Layout &layout, const fs::path &tree);
    // What was planned.
    static Result<Pieces> read(const Layout &layout, const fs::path &tree);

    // From the phase that was noted last to the end, one way or the other.
    Result<void> bringNew(Phase reached, const Note &note) const;
    Result<void> bringOld(Phase reached, const Note &note) const;
    // What was the user's and stood in the way of the new version goes to `folder`.
    Result<std::vector<std::string>> keepDisplaced(const fs::path &folder) const;

private:
    friend class PiecesPlanner;

    enum class Kind { Replace, Add, Remove, Displace };
    struct Piece {
        Kind kind = Kind::Replace;
        std::string path;
    };
    using Folders = std::map<std::string, std::uint32_t>; // with their modes; parents first

    Pieces(const Layout &layout, const fs::path &tree) : m_layout(&layout), m_tree(tree) {}
    Result<void> write() const;

    using Steps = std::array<std::pair<Phase, Result<void> (Pieces::*)() const>, 3>;
    Result<void> go(const Steps &steps, Phase reached, Phase end, const Note &note) const;

    fs::path aside(std::size_t index) const;
    bool isExecutable(const Piece &piece) const;
    bool isWhereGuardStands(const Piece &piece) const;
    bool isNeverMissing(const Piece &piece) const;
    bool leavesApp(const Piece &piece) const { return piece.kind != Kind::Add; }
    bool entersApp(const Piece &piece) const;
    bool goesToTree(const Piece &piece) const;

    Result<void> putAside() const;
    Result<void> putAside(std::size_t index) const;
    Result<void> putIn() const;
    Result<void> putOut() const;
    Result<void> takeFromTree() const;
    Result<void> takeOut() const;
    Result<void> putBack() const;

    Result<void> putGuards() const;
    Result<void> guard(const std::string &path) const;
    bool isGuard(const fs::path &place) const;
    Result<void> removeGuards() const;
    Result<void> open(const fs::path &root, const Folders &folders) const;
    Result<void> fit(const fs::path &root, const Folders &wanted, const Folders &others) const;
    Result<void> close(const fs::path &root, const Folders &folders) const;
    Result<void> closeForLast(const Folders &folders) const;
    Result<void> clearTheWay(const std::string &path) const;
    Result<void> sync() const;

    const Layout *m_layout;
    fs::path m_tree;
    std::vector<Piece> m_pieces;
    Folders m_oldFolders;
    Folders m_newFolders;
    std::string m_oldExecutable;
    std::string m_newExecutable;
};

} // namespace Freshen::Install
