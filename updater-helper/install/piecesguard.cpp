// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/pieces.h"

#include "platform/exchange.h"
#include "updater-helper/install/entries.h"
#include "updater-helper/trust/digest.h"

namespace Freshen::Install {

fs::path Pieces::guardFile(const Layout &layout)
{
    return layout.pieces() / "guard";
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

} // namespace Freshen::Install
