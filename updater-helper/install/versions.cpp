// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/versions.h"

#include "updater-helper/install/entries.h"
#include "updater-helper/install/userfiles.h"

#include <algorithm>

namespace Freshen::Install {

// Whenever it is broken off, there is one gap in the row, and it goes on from there.
Result<void> keepPrevious(const Layout &layout, int count)
{
    if (!isThere(layout.staged()))
        return {};
    if (count <= 0)
        return discardTree(layout, layout.staged());
    int gap = 1;
    while (isThere(layout.previous(gap)))
        ++gap;
    for (; gap > count; --gap) {
        if (auto discarded = discardTree(layout, layout.previous(gap - 1)); !discarded)
            return discarded;
    }
    for (; gap > 1; --gap) {
        if (auto moved = Platform::rename(layout.previous(gap - 1), layout.previous(gap)); !moved)
            return moved;
    }
    if (auto moved = Platform::rename(layout.staged(), layout.previous()); !moved)
        return moved;
    return Platform::syncDirectory(layout.folder());
}

Result<void> closeGap(const Layout &layout)
{
    if (isThere(layout.previous()))
        return {};
    for (int step = 2; isThere(layout.previous(step)); ++step) {
        if (auto moved = Platform::rename(layout.previous(step), layout.previous(step - 1));
            !moved)
            return moved;
    }
    return {};
}

std::vector<fs::path> previousVersions(const Layout &layout)
{
    std::vector<fs::path> found;
    // There may be a gap.
    for (int step = 1; step == 1 || isThere(layout.previous(step)); ++step) {
        if (isThere(layout.previous(step)))
            found.push_back(layout.previous(step));
    }
    return found;
}

} // namespace Freshen::Install
