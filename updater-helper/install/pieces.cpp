// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/pieces.h"

#include "platform/exchange.h"
#include "platform/safefolder.h"
#include "updater-helper/install/record.h"
#include "updater-helper/install/userfiles.h"
#include "updater-helper/trust/digest.h"

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

fs::path guardFile(const Layout &layout)
{
    return layout.pieces() / "guard";
}

bool isThere(const fs::path &path)
{
    return !Platform::identityOf(path).empty();
}

bool isRealFolder(const fs::path &path)
{
    const auto entry = Platform::entryAt(path, {});
    return entry && entry->type == Platform::EntryType::Directory;
}

} // namespace

// --- The plan on the disk

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

// --- One way and the other

Result<void> Pieces::bringNew(Phase reached, const Note &note) const
{
    using Step = Result<void> (Pieces::*)() const;
    constexpr std::array<std::pair<Phase, Step>, 3> steps = {
        {{Phase::Aside, &Pieces::putAside}, {Phase::In, &Pieces::putIn},
         {Phase::Out, &Pieces::putOut}}};
    for (const auto &[phase, step] : steps) {
        if (phase < reached)
            continue;
        auto done = phase == reached ? Result<void>() : note(phase);
        if (done)
            done = (this->*step)();
        if (done)
            done = sync();
        if (!done)
            return done;
    }
    return note(Phase::New);
}

Result<void> Pieces::bringOld(Phase reached, const Note &note) const
{
    using Step = Result<void> (Pieces::*)() const;
    constexpr std::array<std::pair<Phase, Step>, 3> steps = {
        {{Phase::Out, &Pieces::takeFromTree}, {Phase::In, &Pieces::takeOut},
         {Phase::Aside, &Pieces::putBack}}};
    for (const auto &[phase, step] : steps) {
        if (phase > reached)
            continue;
        auto done = phase == reached ? Result<void>() : note(phase);
        if (done)
            done = (this->*step)();
        if (done)
            done = sync();
        if (!done)
            return done;
    }
    return note(Phase::Old);
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

// --- What they need

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

// What they take the place of is kept for sure before, and they stand there for sure before
// anything is missing.
Result<void> Pieces::putGuards() const
{
    auto done = sync();
    for (const Piece &piece : m_pieces) {
        if (done && isExecutable(piece))
            done = guard(piece.path);
    }
    return done ? sync() : done;
}

// A single file needs none: its old version stands at the path until the new one does.
Result<void> Pieces::guard(const std::string &path) const
{
    const fs::path place = m_layout->place(path);
    if (m_layout->isSingleFile() || isGuard(place))
        return {};
    const fs::path second = guardFile(*m_layout).string() + "-link";
    auto done = Platform::removeFile(second);
    if (done)
        done = Platform::makeDirectories(place.parent_path());
    if (done)
        done = Platform::keepAs(guardFile(*m_layout), second);
    return done ? Platform::replaceFile(second, place) : done;
}

bool Pieces::isGuard(const fs::path &place) const
{
    if (m_layout->isSingleFile() || !isThere(place))
        return false;
    const fs::path program = guardFile(*m_layout);
    if (Platform::identityOf(place) == Platform::identityOf(program))
        return true;
    // Where a file cannot have a second name, it is a copy.
    const auto hash = Trust::sha256OfFile(place);
    const auto own = Trust::sha256OfFile(program);
    return hash && own && *hash == *own;
}

Result<void> Pieces::removeGuards() const
{
    for (const std::string &path : {m_oldExecutable, m_newExecutable}) {
        if (!isGuard(m_layout->place(path)))
            continue;
        if (auto removed = Platform::removeFile(m_layout->place(path)); !removed)
            return removed;
    }
    return {};
}

// Entries can only be moved in folders that may be written.
Result<void> Pieces::open(const fs::path &root, const Folders &folders) const
{
    for (const auto &[path, mode] : folders) {
        if ((mode & 0200) || !isRealFolder(root / path))
            continue;
        if (auto set = Platform::setFolderMode(root / path, mode | 0700); !set)
            return set;
    }
    return {};
}

// Afterwards the folders stand that are wanted. One that the user put something into stays besides.
Result<void> Pieces::fit(const fs::path &root, const Folders &wanted, const Folders &others) const
{
    if (m_layout->isSingleFile())
        return {};
    for (auto folder = others.rbegin(); folder != others.rend(); ++folder) {
        if (!wanted.contains(folder->first))
            Platform::removeEmptyFolder(root / folder->first);
    }
    bool hasNew = false;
    for (const auto &[path, mode] : wanted) {
        if (isRealFolder(root / path))
            continue;
        if (auto made = Platform::makeDirectory(root / path, 0700); !made)
            return made;
        hasNew = true;
    }
    // What is moved into them must not be lost because they are.
    const auto done = hasNew ? sync() : Result<void>();
    return done ? open(root, wanted) : done;
}

Result<void> Pieces::close(const fs::path &root, const Folders &folders) const
{
    for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {
        const auto entry = Platform::entryAt(root / folder->first, {});
        if (!entry || entry->type != Platform::EntryType::Directory
            || entry->mode == folder->second)
            continue;
        if (auto set = Platform::setFolderMode(root / folder->first, folder->second); !set)
            return set;
    }
    return {};
}

// The executable makes the version a whole one, so all else is as it has to be before it, also
// after a power cut.
Result<void> Pieces::closeForLast(const Folders &folders) const
{
    if (auto closed = close(m_layout->app(), folders); !closed)
        return closed;
    Folders last;
    for (const std::string &path : {m_oldExecutable, m_newExecutable}) {
        const std::string parent = fs::path(path).parent_path().string();
        if (const auto folder = folders.find(parent); folder != folders.end())
            last.insert(*folder);
    }
    auto done = open(m_layout->app(), last);
    return done ? sync() : done;
}

// What stands where an old piece returns to was made while the new version stood there.
Result<void> Pieces::clearTheWay(const std::string &path) const
{
    const fs::path place = m_layout->place(path);
    if (!isThere(place))
        return {};
    if (isGuard(place))
        return Platform::removeFile(place);
    const auto moved = moveToFreeName(place, m_layout->kept() / "in-the-way" / path);
    return moved ? Result<void>() : failure(moved);
}

// Everything is below one folder, the app's parent.
Result<void> Pieces::sync() const
{
    return Platform::syncFileSystem(m_layout->folder());
}

} // namespace Freshen::Install
