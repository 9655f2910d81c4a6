// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/outcome.h"

#include "platform/exchange.h"
#include "updater-helper/install/history.h"
#include "updater-helper/install/userfiles.h"
#include "updater-helper/install/versions.h"

#include <array>

namespace Freshen::Install {

namespace {

using Kept = std::vector<std::string>;

constexpr std::array<std::string_view, 3> doneWords = {"updated", "rolled-back", "repaired"};

// One step; afterwards both folders' entries are on the disk.
Result<void> exchangeWith(const Layout &layout, const fs::path &tree)
{
    if (auto exchanged = Platform::exchange(layout.app(), tree); !exchanged)
        return exchanged;
    if (auto synced = Platform::syncDirectory(layout.app().parent_path()); !synced)
        return synced;
    return Platform::syncDirectory(tree.parent_path());
}

// The look for the user's files comes first: the exchange changes the time of the app's own folder,
// which would have to be looked at again.
Result<void> exchangeForNew(const Layout &layout, const Journal &journal)
{
    const fs::path tree = journal.tree(layout);
    const bool isExchanged = journal.place(layout) == Journal::Place::New;
    const auto files = isExchanged ? findUserFiles(tree) : notedUserFiles(layout);
    if (!files)
        return failure(files);
    if (!isExchanged) {
        if (auto exchanged = exchangeWith(layout, tree); !exchanged)
            return exchanged;
    }
    return carryUserFiles(tree, layout.app(), *files);
}

Result<void> exchangeForOld(const Layout &layout, const Journal &journal)
{
    const fs::path tree = journal.tree(layout);
    if (journal.place(layout) == Journal::Place::New) {
        if (auto exchanged = exchangeWith(layout, tree); !exchanged)
            return exchanged;
    }
    const auto files = findUserFiles(tree);
    return files ? carryUserFiles(tree, layout.app(), *files) : failure(files);
}

Pieces::Note noteIn(const Layout &layout, Journal &journal)
{
    return [&](Phase phase) {
        journal.phase = phase;
        return journal.write(layout);
    };
}

Result<void> bringOld(const Layout &layout, Journal &journal)
{
    if (journal.method == Journal::Method::AtOnce)
        return exchangeForOld(layout, journal);
    if (journal.phase == Phase::Old)
        return {};
    const auto pieces = Pieces::read(layout, journal.tree(layout));
    return pieces ? pieces->bringOld(journal.phase, noteIn(layout, journal)) : failure(pieces);
}

// Nothing is displaced where nothing was moved yet, or all was put back; there may be no plan then.
Result<Kept> keepDisplaced(const Layout &layout, const Journal &journal)
{
    if (journal.method == Journal::Method::AtOnce || journal.phase == Phase::Old)
        return Kept();
    const auto pieces = Pieces::read(layout, journal.tree(layout));
    return pieces ? pieces->keepDisplaced(keptFolder(layout, journal.fromVersion))
                  : failure(pieces);
}

// Of the version that was left; afterwards it is on the disk where all of the user's is.
Result<Kept> keepWhatIsTheirs(const Layout &layout, const Journal &journal,
                              const fs::path &intactAt = {})
{
    auto kept = keepUserFiles(layout, journal.tree(layout), intactAt);
    if (!kept)
        return kept;
    const auto displaced = keepDisplaced(layout, journal);
    if (!displaced)
        return displaced;
    kept->insert(kept->end(), displaced->begin(), displaced->end());
    const auto synced = Platform::syncFileSystem(layout.folder());
    return synced ? kept : failure(synced);
}

fs::path writtenBeforeSwap(const Layout &layout, const Journal &journal)
{
    return journal.method == Journal::Method::AtOnce ? layout.userFiles()
                                                     : Pieces::surveyFile(layout);
}

// What becomes of the version that was left.
Result<void> leaveOldVersion(const Layout &layout, const Journal &journal)
{
    if (journal.kind == ChangeKind::Repair)
        return discardTree(layout, layout.staged());
    const bool isUpdate = journal.kind == ChangeKind::Update;
    const auto done = isUpdate ? keepPrevious(layout, journal.keeps)
                               : discardTree(layout, layout.previous());
    if (!done)
        return done;
    return isUpdate ? forgetRefusals(layout, journal.toVersion)
                    : refuse(layout, Refusal::Left, journal.fromVersion);
}

LastResult resultOf(const Journal &journal, std::string_view what)
{
    LastResult result;
    result.result = what;
    result.from = journal.fromVersion;
    result.to = journal.toVersion;
    result.at = utcNow();
    return result;
}

LastResult resultOfBack(const Journal &journal)
{
    LastResult result = resultOf(journal, journal.isRefused ? "restored" : "failed");
    if (journal.isRefused)
        result.setError({ErrorCode::ROLLED_BACK,
                         "Version " + journal.toVersion + " did not become ready, so version "
                             + journal.fromVersion + " was brought back."});
    else
        result.setError({ErrorCode::IO, "The change to version " + journal.toVersion
                                            + " was interrupted and undone."});
    return result;
}

} // namespace

Result<void> closeJournal(const Layout &layout)
{
    auto done = Journal::remove(layout);
    if (done)
        done = Platform::removeFile(layout.userFiles());
    if (done)
        done = Platform::removeTree(layout.pieces());
    return done ? closeGap(layout) : done;
}

Result<void> bringNew(const Layout &layout, Journal &journal)
{
    if (journal.method == Journal::Method::AtOnce)
        return exchangeForNew(layout, journal);
    if (journal.phase == Phase::New)
        return {};
    const fs::path tree = journal.tree(layout);
    if (journal.phase == Phase::Old) {
        if (auto planned = Pieces::plan(layout, tree); !planned)
            return planned;
    }
    const auto pieces = Pieces::read(layout, tree);
    return pieces ? pieces->bringNew(journal.phase, noteIn(layout, journal)) : failure(pieces);
}

Result<void> finishCommit(const Layout &layout, const Journal &journal,
                          const std::optional<Error> &problem, const std::string &downtimeMs)
{
    const auto kept = keepWhatIsTheirs(layout, journal);
    if (!kept)
        return failure(kept);
    if (auto done = leaveOldVersion(layout, journal); !done)
        return done;
    LastResult result = resultOf(journal, doneWords[std::size_t(journal.kind)]);
    result.downtimeMs = downtimeMs;
    result.kept = *kept;
    if (problem)
        result.setError(*problem);
    if (auto written = result.write(layout); !written)
        return written;
    return closeJournal(layout);
}

Result<void> finishBack(const Layout &layout, Journal journal)
{
    const fs::path tree = journal.tree(layout);
    if (auto brought = bringOld(layout, journal); !brought)
        return brought;
    // The new version was verified then, and the app does not run while this is looked for.
    const auto kept = keepWhatIsTheirs(layout, journal, writtenBeforeSwap(layout, journal));
    if (!kept)
        return failure(kept);
    Result<void> done;
    if (journal.isRefused)
        done = refuse(layout, Refusal::Failed, journal.toVersion);
    // The version that a person wanted to go back to is kept, the one that failed is not.
    if (done && journal.kind != ChangeKind::Rollback)
        done = discardTree(layout, tree);
    if (!done)
        return done;
    LastResult result = resultOfBack(journal);
    result.kept = *kept;
    if (auto written = result.write(layout); !written)
        return written;
    return closeJournal(layout);
}

} // namespace Freshen::Install
