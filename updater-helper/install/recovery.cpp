// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/engine.h"

#include "platform/process.h"
#include "updater-helper/install/accepted.h"
#include "updater-helper/install/history.h"
#include "updater-helper/install/installed.h"
#include "updater-helper/install/outcome.h"
#include "updater-helper/install/userfiles.h"
#include "updater-helper/install/versions.h"
#include "updater-helper/trust/digest.h"

namespace Freshen::Install {

namespace {

namespace fs = std::filesystem;
using Place = Journal::Place;

bool isComplete(const Layout &layout, const Trust::Manifest &manifest)
{
    const auto differences = compareInstalled(layout, manifest,
                                              Trust::UnknownFiles::BelongToTheUser);
    return differences && differences->empty();
}

// The version at the app's path.
bool isIntact(const Layout &layout, const std::vector<Trust::PublicKey> &keys)
{
    const auto release = readRelease(layout, layout.descriptionFolder(), keys);
    return release && isComplete(layout, release->manifest);
}

// Whoever waited for "ready" is gone, so only a version that need not say it can stay.
bool mayStay(const Journal &journal)
{
    return journal.ready.kind == ReadyCheck::Kind::None || !journal.mayGoBack;
}

Result<Recovery> undo(const Layout &layout)
{
    const auto undone = back(layout, false);
    return undone ? Result<Recovery>(Recovery::Undone) : failure(undone);
}

Result<Recovery> recoverSwapped(const Layout &layout, Journal journal,
                                const std::vector<Trust::PublicKey> &keys)
{
    const bool isBetween = journal.place(layout) == Place::Between;
    if (mayStay(journal) || !isBetween) {
        if (auto brought = bringNew(layout, journal); !brought)
            return isBetween ? undo(layout) : failure(brought);
    }
    if (mayStay(journal) && isIntact(layout, keys)) {
        const auto committed = commit(layout);
        return committed ? Result<Recovery>(Recovery::Finished) : failure(committed);
    }
    if (!Platform::processesRunningFrom(layout.app()).empty())
        return failure(ErrorCode::APP_RUNNING,
                       "The last update of " + layout.app().string() + " was interrupted and has "
                       "to be undone, but the app runs. Close it and try again.");
    return undo(layout);
}

Result<Recovery> recoverJournal(const Layout &layout, const Journal &journal,
                                const std::vector<Trust::PublicKey> &keys)
{
    if (journal.state == Journal::State::Committed) {
        // Again from the beginning: what of the user's came along may not have been on the disk.
        const auto finished = commit(layout);
        return finished ? Result<Recovery>(Recovery::Finished) : failure(finished);
    }
    if (journal.state == Journal::State::Back) {
        const auto finished = finishBack(layout, journal);
        return finished ? Result<Recovery>(Recovery::Undone) : failure(finished);
    }
    if (journal.place(layout) != Place::Old)
        return recoverSwapped(layout, journal, keys);
    const auto discarded = discard(layout);
    return discarded ? Result<Recovery>(Recovery::Undone) : failure(discarded);
}

// Whatever was under way: what of the user's has waited for its end, in a version that was left or
// among the pieces, goes to where nothing is removed.
Result<void> keepWhatWaits(const Layout &layout)
{
    for (const fs::path &tree : {layout.staged(), layout.previous()}) {
        if (const auto kept = keepUserFiles(layout, tree); !kept)
            return failure(kept);
    }
    const auto pieces = Pieces::read(layout, layout.staged());
    if (!pieces)
        return {};
    const auto kept = pieces->keepDisplaced(layout.kept() / "in-the-way");
    return kept ? Result<void>() : failure(kept);
}

// A journal that cannot be read can only come from a damaged disk. When the app is intact there is
// nothing to finish or undo.
Result<Recovery> recoverWithoutJournal(const Layout &layout, const Error &problem,
                                       const std::vector<Trust::PublicKey> &keys)
{
    if (!isIntact(layout, keys))
        return tl::unexpected<Error>(problem);
    if (auto kept = keepWhatWaits(layout); !kept)
        return failure(kept);
    const auto removed = Journal::remove(layout);
    return removed ? Result<Recovery>(Recovery::Undone) : failure(removed);
}

// Only what nobody can miss; a failure here must not stop a recovery that went well.
void removeLeftovers(const Layout &layout)
{
    for (const fs::path &tree : {layout.staging(), layout.probe(), layout.helper(), layout.order(),
                                 layout.pieces(), layout.userFiles()})
        (void)Platform::removeTree(tree);
    (void)closeGap(layout);
    std::error_code error;
    for (const auto &entry : fs::directory_iterator(layout.folder(), error)) {
        // Temporary files of durable writes: "journal.freshen-AbCdEf".
        const std::string name = entry.path().filename().string();
        for (const fs::path &file : {layout.journal(), layout.lastResult(), layout.refused(),
                                     layout.accepted(), layout.order(), layout.userFiles()}) {
            if (name.starts_with(file.filename().string() + "."))
                (void)Platform::removeFile(entry.path());
        }
    }
}

} // namespace

Result<void> makeWhole(const Layout &layout)
{
    auto journal = Journal::read(layout);
    if (!journal)
        return failure(journal);
    if (!*journal || (*journal)->place(layout) != Place::Between)
        return {};
    if ((*journal)->state == Journal::State::Back)
        return finishBack(layout, **journal);
    if (bringNew(layout, **journal)) {
        const auto hash = Trust::sha256OfFile(layout.place(Trust::Manifest::fileName));
        const auto manifest = readManifest(layout.descriptionFolder());
        if (hash && *hash == (*journal)->newManifest && manifest && *manifest
            && isComplete(layout, **manifest))
            return {};
    }
    return back(layout, false);
}

Result<Recovery> recover(const Layout &layout, const std::vector<Trust::PublicKey> &keys)
{
    const auto journal = Journal::read(layout);
    if (journal && !*journal) {
        removeLeftovers(layout);
        return Recovery::Nothing;
    }
    auto recovery = journal ? recoverJournal(layout, **journal, keys)
                            : recoverWithoutJournal(layout, journal.error(), keys);
    if (recovery)
        removeLeftovers(layout);
    return recovery;
}

} // namespace Freshen::Install
