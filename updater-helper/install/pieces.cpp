// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/pieces.h"

#include "platform/exchange.h"
#include "updater-helper/install/entries.h"
#include "updater-helper/install/userfiles.h"

#include <array>

namespace Freshen::Install {

// --- One way and the other

Result<void> Pieces::bringNew(Phase reached, const Note &note) const
{
    return go({{{Phase::Aside, &Pieces::putAside}, {Phase::In, &Pieces::putIn},
                {Phase::Out, &Pieces::putOut}}},
              reached, Phase::New, note);
}

Result<void> Pieces::bringOld(Phase reached, const Note &note) const
{
    return go({{{Phase::Out, &Pieces::takeFromTree}, {Phase::In, &Pieces::takeOut},
                {Phase::Aside, &Pieces::putBack}}},
              reached, Phase::Old, note);
}

Result<void> Pieces::go(const Steps &steps, Phase reached, Phase end, const Note &note) const
{
    for (const auto &[phase, step] : steps) {
        const bool isPast = end == Phase::New ? phase < reached : phase > reached;
        if (isPast)
            continue;
        auto done = phase == reached ? Result<void>() : note(phase);
        if (done)
            done = (this->*step)();
        if (done)
            done = sync();
        if (!done)
            return done;
    }
    return note(end);
}

// --- The phases

Result<void> Pieces::putAside() const
{
    if (auto opened = open(m_layout->app(), m_oldFolders); !opened)
        return opened;
    for (const bool isFirst : {true, false}) {
        for (std::size_t i = 0; i < m_pieces.size(); ++i) {
            if (isWhereGuardStands(m_pieces[i]) != isFirst)
                continue;
            if (auto taken = putAside(i); !taken)
                return taken;
        }
        if (auto guarded = isFirst ? putGuards() : Result<void>(); !guarded)
            return guarded;
    }
    return {};
}

Result<void> Pieces::putAside(std::size_t index) const
{
    const Piece &piece = m_pieces[index];
    const fs::path place = m_layout->place(piece.path);
    if (!leavesApp(piece) || isThere(aside(index)) || !isThere(place))
        return {};
    return isNeverMissing(piece) ? Platform::keepAs(place, aside(index))
                                 : Platform::rename(place, aside(index));
}

Result<void> Pieces::putIn() const
{
    if (auto opened = open(m_tree, m_newFolders); !opened)
        return opened;
    if (auto fitted = fit(m_layout->app(), m_newFolders, m_oldFolders); !fitted)
        return fitted;
    // Whoever starts the app before its last piece is there finds the guard.
    for (const bool isLast : {false, true}) {
        if (auto ready = isLast ? closeForLast(m_newFolders) : Result<void>(); !ready)
            return ready;
        for (const Piece &piece : m_pieces) {
            if (!entersApp(piece) || isExecutable(piece) != isLast
                || !isThere(m_tree / piece.path))
                continue;
            const auto done = isNeverMissing(piece)
                ? Platform::replaceFile(m_tree / piece.path, m_layout->place(piece.path))
                : Platform::rename(m_tree / piece.path, m_layout->place(piece.path));
            if (!done)
                return done;
        }
    }
    if (auto removed = removeGuards(); !removed)
        return removed;
    return close(m_layout->app(), m_newFolders);
}

Result<void> Pieces::putOut() const
{
    if (auto fitted = fit(m_tree, m_oldFolders, m_newFolders); !fitted)
        return fitted;
    for (std::size_t i = 0; i < m_pieces.size(); ++i) {
        if (!goesToTree(m_pieces[i]) || !isThere(aside(i)))
            continue;
        if (auto moved = Platform::rename(aside(i), m_tree / m_pieces[i].path); !moved)
            return moved;
    }
    return close(m_tree, m_oldFolders);
}

Result<void> Pieces::takeFromTree() const
{
    if (auto opened = open(m_tree, m_oldFolders); !opened)
        return opened;
    for (std::size_t i = 0; i < m_pieces.size(); ++i) {
        const fs::path place = m_tree / m_pieces[i].path;
        if (!goesToTree(m_pieces[i]) || isThere(aside(i)) || !isThere(place))
            continue;
        if (auto moved = Platform::rename(place, aside(i)); !moved)
            return moved;
    }
    return {};
}

Result<void> Pieces::takeOut() const
{
    if (auto opened = open(m_layout->app(), m_newFolders); !opened)
        return opened;
    if (auto fitted = fit(m_tree, m_newFolders, m_oldFolders); !fitted)
        return fitted;
    for (const bool isFirst : {true, false}) {
        for (const Piece &piece : m_pieces) {
            const fs::path place = m_layout->place(piece.path);
            if (!entersApp(piece) || isExecutable(piece) != isFirst || isThere(m_tree / piece.path)
                || !isThere(place))
                continue;
            const auto done = isNeverMissing(piece)
                ? Platform::keepAs(place, m_tree / piece.path)
                : Platform::rename(place, m_tree / piece.path);
            if (!done)
                return done;
        }
        if (auto guarded = isFirst ? putGuards() : Result<void>(); !guarded)
            return guarded;
    }
    return close(m_tree, m_newFolders);
}

Result<void> Pieces::putBack() const
{
    if (auto fitted = fit(m_layout->app(), m_oldFolders, m_newFolders); !fitted)
        return fitted;
    for (const bool isLast : {false, true}) {
        if (auto ready = isLast ? closeForLast(m_oldFolders) : Result<void>(); !ready)
            return ready;
        for (std::size_t i = 0; i < m_pieces.size(); ++i) {
            const Piece &piece = m_pieces[i];
            if (!leavesApp(piece) || isExecutable(piece) != isLast || !isThere(aside(i)))
                continue;
            const bool replaces = isNeverMissing(piece);
            auto done = replaces ? Result<void>() : clearTheWay(piece.path);
            if (done)
                done = Platform::makeDirectories(m_layout->place(piece.path).parent_path());
            if (done)
                done = replaces ? Platform::replaceFile(aside(i), m_layout->place(piece.path))
                                : Platform::rename(aside(i), m_layout->place(piece.path));
            if (!done)
                return done;
        }
    }
    if (auto removed = removeGuards(); !removed)
        return removed;
    return close(m_layout->app(), m_oldFolders);
}

Result<std::vector<std::string>> Pieces::keepDisplaced(const fs::path &folder) const
{
    std::vector<std::string> kept;
    for (std::size_t i = 0; i < m_pieces.size(); ++i) {
        if (m_pieces[i].kind != Kind::Displace || !isThere(aside(i)))
            continue;
        if (auto moved = moveToFreeName(aside(i), folder / m_pieces[i].path); !moved)
            return failure(moved);
        kept.push_back(m_pieces[i].path);
    }
    return kept;
}

// --- What a piece is

fs::path Pieces::aside(std::size_t index) const
{
    return m_layout->pieces() / std::to_string(index);
}

bool Pieces::isExecutable(const Piece &piece) const
{
    return piece.kind != Kind::Displace
        && (piece.path == m_oldExecutable || piece.path == m_newExecutable);
}

// Nobody could recover an app that does not say which it is and whose signatures it trusts.
bool Pieces::isNeverMissing(const Piece &piece) const
{
    return isExecutable(piece) || (piece.kind == Kind::Replace && Layout::describes(piece.path));
}

// What the user has there is no executable of either version.
bool Pieces::isWhereGuardStands(const Piece &piece) const
{
    const auto isAt = [&](const std::string &executable) {
        return (executable + "/").starts_with(piece.path + "/");
    };
    return isAt(m_oldExecutable) || isAt(m_newExecutable);
}

bool Pieces::entersApp(const Piece &piece) const
{
    return piece.kind == Kind::Replace || piece.kind == Kind::Add;
}

bool Pieces::goesToTree(const Piece &piece) const
{
    return piece.kind == Kind::Replace || piece.kind == Kind::Remove;
}

} // namespace Freshen::Install
