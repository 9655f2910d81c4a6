// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/engine.h"

#include "platform/mountpoint.h"
#include "updater-helper/install/accepted.h"
#include "updater-helper/install/attributes.h"
#include "updater-helper/install/installed.h"
#include "updater-helper/install/outcome.h"
#include "updater-helper/install/userfiles.h"
#include "updater-helper/trust/text.h"

#include <algorithm>

namespace Freshen::Install {

namespace {

namespace fs = std::filesystem;
using Method = Journal::Method;

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

// A previous version may hold nothing of the user, because its files were carried over, but what
// they changed of its own.
Result<void> checkTree(const Layout &layout, const Order &order, const Trust::Manifest &manifest,
                       const Trust::Progress &progress)
{
    const fs::path tree = order.tree();
    if (order.kind != ChangeKind::Rollback)
        return Trust::requireTree(tree, manifest, progress);
    auto differences = Trust::compareTree(tree, manifest, Trust::UnknownFiles::AreDifferences,
                                          progress);
    if (!differences)
        return failure(differences);
    std::erase_if(*differences, [&](const Trust::Difference &difference) {
        return isKeptEdit(layout, tree, manifest, difference.path);
    });
    return Trust::requireNone(*differences);
}

// Where the exchange in one step is impossible there are the pieces, as long as something stands at
// the executable's path meanwhile.
Result<Method> methodFor(const Layout &layout, const fs::path &guard)
{
    if (layout.isSingleFile())
        return Method::Pieces;
    const auto possible = layout.checkExchange();
    if (possible)
        return Method::AtOnce;
    if (possible.error().code != ErrorCode::NO_EXCHANGE || guard.empty())
        return failure(possible);
    const auto movable = Platform::requireNotMounted(layout.app());
    return movable ? Result<Method>(Method::Pieces) : failure(movable);
}

Result<void> lookAhead(const Layout &layout, Method method, const fs::path &guard,
                       const Trust::Progress &progress)
{
    return method == Method::AtOnce ? noteUserFiles(layout)
                                    : Pieces::survey(layout, guard, progress);
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

} // namespace

Result<void> prepare(const Layout &layout, const Order &order, const Trust::Progress &progress)
{
    const fs::path tree = order.tree();
    const bool isNew = order.kind != ChangeKind::Rollback;
    const auto release = isNew ? readNewRelease(layout, tree, order.keys)
                               : readRelease(layout, tree, order.keys);
    if (!release)
        return failure(release);
    auto done = checkIdentity(release->manifest, order);
    if (done)
        done = checkForm(layout, release->manifest);
    if (done && isNew)
        done = adoptAttributes(layout, tree, release->manifest);
    if (done)
        done = checkTree(layout, order, release->manifest, progress);
    if (!done)
        return done;
    const auto method = methodFor(layout, order.guard);
    if (!method)
        return failure(method);
    done = lookAhead(layout, *method, order.guard, progress);
    if (done)
        done = Platform::syncFileSystem(tree);
    if (done)
        done = acceptManifest(layout, release->sha256);
    if (!done)
        return done;
    Journal journal;
    journal.kind = order.kind;
    journal.method = *method;
    journal.guard = order.guard.string();
    journal.oldIdentity = Journal::identityOf(layout.app());
    journal.newIdentity = Journal::identityOf(tree);
    journal.newManifest = release->sha256;
    journal.fromVersion = order.fromVersion;
    journal.toVersion = order.toVersion;
    journal.ready = order.launches ? order.ready : ReadyCheck{ReadyCheck::Kind::None, 0};
    journal.mayGoBack = order.mayGoBack;
    journal.keeps = order.keeps;
    return journal.write(layout);
}

Result<void> swap(const Layout &layout)
{
    auto journal = readJournal(layout);
    if (!journal)
        return failure(journal);
    auto brought = bringNew(layout, *journal);
    const bool isImpossible = !brought && brought.error().code == ErrorCode::NO_EXCHANGE
        && !journal->guard.empty();
    if (!isImpossible)
        return brought;
    // What could be tried out was no folder of the app's own.
    journal->method = Method::Pieces;
    if (auto surveyed = Pieces::survey(layout, journal->guard, {}); !surveyed)
        return surveyed;
    return bringNew(layout, *journal);
}

Result<void> commit(const Layout &layout, const std::optional<Error> &problem,
                    const std::string &downtimeMs)
{
    auto journal = readJournal(layout);
    if (!journal)
        return failure(journal);
    // Whoever swapped may have been broken off before all of the user's came along.
    if (auto brought = bringNew(layout, *journal); !brought)
        return brought;
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
    return closeJournal(layout);
}

} // namespace Freshen::Install
