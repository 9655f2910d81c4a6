// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/engine.h"

#include "platform/exchange.h"
#include "platform/process.h"
#include "updater-helper/install/accepted.h"
#include "updater-helper/install/userfiles.h"
#include "updater-helper/trust/text.h"

namespace Freshen::Install {

namespace {

namespace fs = std::filesystem;

Result<void> checkIdentity(const Trust::Manifest &manifest, const Order &order)
{
    if (manifest.product != order.product)
        return failure(ErrorCode::WRONG_PRODUCT,
                       "The staged release is \"" + Trust::escaped(manifest.product)
                           + "\", not \"" + order.product + "\".");
    if (manifest.version != order.toVersion)
        return failure(ErrorCode::MANIFEST,
                       "The staged release is version " + Trust::escaped(manifest.version)
                           + ", not " + order.toVersion + ".");
    return {};
}

Result<Journal> readJournal(const Layout &layout)
{
    auto journal = Journal::read(layout);
    if (!journal)
        return failure(journal);
    if (!*journal)
        return failure(ErrorCode::IO, "No change of " + layout.app().string() + " is prepared.");
    return std::move(**journal);
}

// One step; afterwards both folders' entries are on the disk.
Result<void> exchangeWith(const Layout &layout, const fs::path &tree)
{
    if (auto exchanged = Platform::exchange(layout.app(), tree); !exchanged)
        return exchanged;
    if (auto synced = Platform::syncDirectory(layout.app().parent_path()); !synced)
        return synced;
    return Platform::syncDirectory(tree.parent_path());
}

Result<void> carryTo(const Layout &layout, const fs::path &leaving)
{
    const auto carried = carryUserFiles(layout, leaving, layout.app());
    return carried ? Result<void>() : failure(carried);
}

// The old version, now at `staged`, takes the place of the one before it.
Result<void> keepPrevious(const Layout &layout)
{
    if (Platform::identityOf(layout.staged()).empty())
        return {};
    if (auto removed = discardTree(layout, layout.previous()); !removed)
        return removed;
    if (auto renamed = Platform::rename(layout.staged(), layout.previous()); !renamed)
        return renamed;
    return Platform::syncDirectory(layout.folder());
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

Result<void> finishCommit(const Layout &layout, const Journal &journal,
                          const std::optional<Error> &problem = {},
                          const std::string &downtimeMs = {})
{
    const bool isUpdate = journal.kind == ChangeKind::Update;
    auto done = isUpdate ? keepPrevious(layout) : discardTree(layout, layout.previous());
    if (done)
        done = isUpdate ? forgetRefusals(layout, journal.toVersion)
                        : refuse(layout, Refusal::Left, journal.fromVersion);
    if (!done)
        return done;
    LastResult result = resultOf(journal, isUpdate ? "updated" : "rolled-back");
    result.downtimeMs = downtimeMs;
    if (problem)
        result.setError(*problem);
    if (auto written = result.write(layout); !written)
        return written;
    return Journal::remove(layout);
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

Result<void> finishBack(const Layout &layout, const Journal &journal)
{
    const fs::path tree = journal.tree(layout);
    if (journal.isSwapped(layout)) {
        if (auto exchanged = exchangeWith(layout, tree); !exchanged)
            return exchanged;
    }
    if (!Platform::identityOf(tree).empty()) {
        if (auto carried = carryTo(layout, tree); !carried)
            return carried;
    }
    Result<void> done;
    if (journal.isRefused)
        done = refuse(layout, Refusal::Failed, journal.toVersion);
    // The version that a person wanted to go back to is kept, the one that failed is not.
    if (done && journal.kind == ChangeKind::Update)
        done = discardTree(layout, tree);
    if (done)
        done = resultOfBack(journal).write(layout);
    return done ? Journal::remove(layout) : done;
}

void removeLeftovers(const Layout &layout)
{
    // Only what nobody can miss; a failure here must not stop a recovery that went well.
    (void)Platform::removeTree(layout.staging());
    (void)Platform::removeTree(layout.probe());
    (void)Platform::removeTree(layout.helper());
    (void)Platform::removeTree(layout.order());
    std::error_code error;
    for (const auto &entry : fs::directory_iterator(layout.folder(), error)) {
        // Temporary files of durable writes: "journal.freshen-AbCdEf".
        const std::string name = entry.path().filename().string();
        for (const fs::path &file : {layout.journal(), layout.lastResult(), layout.refused(),
                                     layout.accepted(), layout.order()}) {
            if (name.starts_with(file.filename().string() + "."))
                (void)Platform::removeFile(entry.path());
        }
    }
}

// The version at the app's path.
bool isIntact(const Layout &layout, const std::vector<Trust::PublicKey> &keys)
{
    const auto release = readRelease(layout, layout.app(), keys);
    if (!release)
        return false;
    const auto differences = Trust::compareTree(layout.app(), release->manifest,
                                                Trust::UnknownFiles::BelongToTheUser);
    return differences && differences->empty();
}

Result<Recovery> recoverSwapped(const Layout &layout, const Journal &journal,
                                const std::vector<Trust::PublicKey> &keys)
{
    if (auto carried = carryTo(layout, journal.tree(layout)); !carried)
        return failure(carried);
    // Whoever waited for "ready" is gone, so only a version that need not say it can stay.
    const bool mayStay = journal.ready.kind == ReadyCheck::Kind::None || !journal.mayGoBack;
    if (mayStay && isIntact(layout, keys)) {
        const auto committed = commit(layout);
        return committed ? Result<Recovery>(Recovery::Finished) : failure(committed);
    }
    if (!Platform::processesRunningFrom(layout.app()).empty())
        return failure(ErrorCode::APP_RUNNING,
                       "The last update of " + layout.app().string() + " was interrupted and has "
                       "to be undone, but the app runs. Close it and try again.");
    const auto undone = back(layout, false);
    return undone ? Result<Recovery>(Recovery::Undone) : failure(undone);
}

Result<Recovery> recoverJournal(const Layout &layout, const Journal &journal,
                                const std::vector<Trust::PublicKey> &keys)
{
    const bool isSwapped = journal.isSwapped(layout);
    if (journal.state == Journal::State::Committed) {
        const auto finished = finishCommit(layout, journal);
        return finished ? Result<Recovery>(Recovery::Finished) : failure(finished);
    }
    if (journal.state == Journal::State::Ready && !isSwapped) {
        const auto discarded = discard(layout);
        return discarded ? Result<Recovery>(Recovery::Undone) : failure(discarded);
    }
    if (journal.state == Journal::State::Back) {
        const auto finished = finishBack(layout, journal);
        return finished ? Result<Recovery>(Recovery::Undone) : failure(finished);
    }
    return recoverSwapped(layout, journal, keys);
}

// A journal that cannot be read can only come from a damaged disk. When the app is intact there is
// nothing to finish or undo.
Result<Recovery> recoverWithoutJournal(const Layout &layout, const Error &problem,
                                       const std::vector<Trust::PublicKey> &keys)
{
    if (!isIntact(layout, keys))
        return tl::unexpected<Error>(problem);
    const auto removed = Journal::remove(layout);
    return removed ? Result<Recovery>(Recovery::Undone) : failure(removed);
}

} // namespace

Result<void> prepare(const Layout &layout, const Order &order, const Trust::Progress &progress)
{
    const fs::path tree = order.tree();
    const auto release = order.kind == ChangeKind::Update
        ? readNewRelease(layout, tree, order.keys)
        : readRelease(layout, tree, order.keys);
    if (!release)
        return failure(release);
    if (auto fits = checkIdentity(release->manifest, order); !fits)
        return fits;
    // A previous version may hold nothing of the user: its files were carried over.
    if (auto verified = Trust::requireTree(tree, release->manifest, progress); !verified)
        return verified;
    if (auto possible = layout.checkExchange(); !possible)
        return possible;
    if (auto synced = Platform::syncFileSystem(tree); !synced)
        return synced;
    if (auto accepted = acceptManifest(layout, release->sha256); !accepted)
        return accepted;
    Journal journal;
    journal.kind = order.kind;
    journal.oldIdentity = Platform::identityOf(layout.app());
    journal.newIdentity = Platform::identityOf(tree);
    journal.fromVersion = order.fromVersion;
    journal.toVersion = order.toVersion;
    journal.ready = order.launches ? order.ready : ReadyCheck{ReadyCheck::Kind::None, 0};
    journal.mayGoBack = order.mayGoBack;
    return journal.write(layout);
}

Result<void> swap(const Layout &layout)
{
    auto journal = readJournal(layout);
    if (!journal)
        return failure(journal);
    if (!journal->isSwapped(layout)) {
        if (auto exchanged = exchangeWith(layout, journal->tree(layout)); !exchanged)
            return exchanged;
    }
    journal->state = Journal::State::Swapped;
    if (auto written = journal->write(layout); !written)
        return written;
    return carryTo(layout, journal->tree(layout));
}

Result<void> commit(const Layout &layout, const std::optional<Error> &problem,
                    const std::string &downtimeMs)
{
    auto journal = readJournal(layout);
    if (!journal)
        return failure(journal);
    journal->state = Journal::State::Committed;
    if (auto written = journal->write(layout); !written)
        return written;
    return finishCommit(layout, *journal, problem, downtimeMs);
}

Result<void> back(const Layout &layout, bool refused)
{
    auto journal = readJournal(layout);
    if (!journal)
        return failure(journal);
    journal->state = Journal::State::Back;
    journal->isRefused = refused;
    if (auto written = journal->write(layout); !written)
        return written;
    return finishBack(layout, *journal);
}

Result<void> discard(const Layout &layout)
{
    return Journal::remove(layout);
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
