// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/startup.h"

#include "platform/process.h"
#include "updater-helper/install/engine.h"
#include "updater-helper/install/installed.h"

namespace Freshen {

namespace {

using Install::Journal;

// The watcher died before the new version said that it was ready.
bool isLeftAlone(const Journal &journal, const Install::Layout &layout)
{
    const bool isSwapped = journal.state == Journal::State::Ready
        && journal.place(layout) == Journal::Place::New;
    return isSwapped && journal.ready.kind != Install::ReadyCheck::Kind::None;
}

Result<void> startAgain(const Installation &installation,
                        const std::vector<std::string> &arguments)
{
    const auto program = Install::installedProgram(installation.layout, installation.knownKeys);
    if (!program)
        return failure(program);
    Platform::StartRequest request;
    request.program = *program;
    request.arguments = arguments;
    request.environment = Platform::currentEnvironment();
    std::error_code error;
    request.workingDirectory = std::filesystem::current_path(error);
    request.ownSession = true;
    const auto started = Platform::Process::start(request);
    return started ? Result<void>() : failure(started);
}

// The first start alone counts as the chance; at the second the old version returns, if it may.
Result<StartupVerdict> giveChance(const Installation &installation, Journal journal,
                                  const std::vector<std::string> &arguments)
{
    Result<void> done;
    if (journal.starts == 0 || !journal.mayGoBack) {
        ++journal.starts;
        done = journal.write(installation.layout);
        return done ? Result<StartupVerdict>(StartupVerdict::CommitWhenReady) : failure(done);
    }
    done = Install::back(installation.layout, true);
    if (done)
        done = startAgain(installation, arguments);
    return done ? Result<StartupVerdict>(StartupVerdict::WentBack) : failure(done);
}

Result<StartupVerdict> settle(const Installation &installation,
                              const std::vector<std::string> &arguments)
{
    const auto journal = Journal::read(installation.layout);
    if (journal && *journal && isLeftAlone(**journal, installation.layout))
        return giveChance(installation, **journal, arguments);
    const auto recovered = Install::recover(installation.layout, installation.knownKeys);
    return recovered ? Result<StartupVerdict>(StartupVerdict::Settled) : failure(recovered);
}

std::optional<Install::LastResult> takeNews(const Installation &installation)
{
    auto last = Install::LastResult::read(installation.layout);
    // Of an app that the administrator updated, each user remembers what they were told, or have
    // to be.
    const auto own = Install::LastResult::read(installation.workplace);
    if (last && own && own->at == last->at)
        last = own;
    if (!last || last->isReported)
        return {};
    Install::LastResult told = *last;
    told.isReported = true;
    // Told twice is better than never.
    if (Platform::makeDirectories(installation.workplace.folder(), 0700))
        (void)told.write(installation.workplace);
    return last;
}

} // namespace

Result<StartupReport> settleAtStart(const Installation &installation,
                                    const std::vector<std::string> &arguments)
{
    StartupReport report;
    // Most installs were never updated: nothing is made on the disk for them.
    if (Platform::identityOf(installation.layout.folder()).empty())
        return report;
    if (installation.rights != Install::Rights::OwnOnly) {
        report.news = takeNews(installation);
        return report;
    }
    const auto lock = installation.layout.takeLock();
    if (!lock && lock.error().code == ErrorCode::BUSY) {
        report.verdict = StartupVerdict::Busy;
        return report;
    }
    if (!lock)
        return failure(lock);
    const auto verdict = settle(installation, arguments);
    if (!verdict)
        return failure(verdict);
    report.verdict = *verdict;
    if (report.verdict == StartupVerdict::Settled)
        report.news = takeNews(installation);
    return report;
}

Result<void> commitAtStart(const Installation &installation)
{
    const auto lock = installation.layout.takeLock();
    return lock ? Install::commit(installation.layout) : failure(lock);
}

} // namespace Freshen
