// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/crashloop.h"

#include "lib/common/clock.h"
#include "lib/common/convert.h"
#include "lib/session/updatesession.h"
#include "platform/crashmark.h"
#include "platform/foreignprocess.h"
#include "platform/paths.h"
#include "platform/tree.h"
#include "updater-helper/install/accepted.h"
#include "updater-helper/install/history.h"
#include "updater-helper/install/journal.h"
#include "updater-helper/install/record.h"
#include "updater-helper/trust/digest.h"

#include <QCoreApplication>
#include <QDir>
#include <QLoggingCategory>

namespace Freshen {

namespace {

Q_LOGGING_CATEGORY(logCrashLoop, "freshen.updater", QtWarningMsg)

using namespace std::chrono_literals;
using Install::LastResult;
using Install::Record;

constexpr std::string_view noteKind = "freshen-start 1";
constexpr auto probation = 7 * 24h;
constexpr auto loopTime = 10min;
constexpr int crashesOfALoop = 2;

bool isWithin(const std::string &time, std::chrono::seconds span)
{
    const QDateTime then = QDateTime::fromString(toQString(time), Qt::ISODate);
    const qint64 passed = then.secsTo(Clock::current().now());
    return then.isValid() && passed >= 0 && passed <= span.count();
}

std::filesystem::path notes(const Installation &installation)
{
    const std::string app = installation.layout.app().string();
    return Platform::runtimeDirectory() / ("starts-" + Trust::sha256Hex(app).substr(0, 16));
}

// The update that brought the installed version, unless it is proven, or was told of as lost.
std::optional<LastResult> updateOnProbation(const Installation &installation)
{
    const auto last = LastResult::read(installation.layout);
    const bool isOnProbation = last && last->result == "updated" && last->errorCode.empty()
        && toQString(last->to) == installation.description.version && isWithin(last->at, probation);
    if (!isOnProbation)
        return {};
    const auto known = LastResult::read(installation.workplace);
    const bool isTold = known && known->at == last->at && !known->errorCode.empty();
    return isTold ? std::nullopt : last;
}

// A note of a process that still runs tells nothing yet.
bool isCrash(const std::filesystem::path &file, const Installation &installation)
{
    const auto note = Record::read(file, noteKind);
    if (!note || toQString(note->value("version")) != installation.description.version
        || !isWithin(note->value("at"), loopTime))
        return false;
    const auto process = Platform::openProcess(std::atoi(file.filename().c_str()),
                                               note->value("birth"));
    return !process.isOpen() || Platform::hasEnded(process);
}

Result<Install::Order> orderBack(const Installation &installation)
{
    const QString version = installation.description.version;
    const QString app = toQString(installation.layout.app());
    if (installation.rights != Install::Rights::OwnOnly)
        return failure(ErrorCode::NEEDS_RIGHTS,
                       QStringLiteral("Version %1 keeps crashing. An administrator can bring the "
                                      "version before it back: freshen rollback --app %2.")
                           .arg(version, app));
    if (!installation.description.rollback)
        return failure(ErrorCode::NOT_READY,
                       QStringLiteral("Version %1 keeps crashing. It is kept, because its data may "
                                      "not suit the version before it. Look for a newer version.")
                           .arg(version));
    const auto previous = Install::readRelease(installation.layout, installation.layout.previous(),
                                               installation.knownKeys);
    if (!previous)
        return failure(ErrorCode::NO_PREVIOUS,
                       QStringLiteral("Version %1 keeps crashing, and there is no version before "
                                      "it to go back to. Look for a newer version, or install the "
                                      "app again.")
                           .arg(version));
    InstallOptions options;
    options.keepsOutput = true;
    options.waitsForThisProcess = true;
    options.arguments = Platform::currentArguments();
    options.workingDirectory = QDir::currentPath();
    auto order = makeOrder(installation, Install::ChangeKind::Rollback,
                           previous->manifest.version, options);
    order.cause = "Version " + order.fromVersion + " kept crashing, so version " + order.toVersion
        + " was brought back. " + order.fromVersion + " is not installed again by itself.";
    return order;
}

// Written before anything is tried: whatever happens then, there is no second try.
Result<void> noteTrouble(const Installation &installation, const Error &error)
{
    LastResult last = *LastResult::read(installation.layout);
    last.setError(error);
    last.isReported = false;
    const Install::Layout &place = installation.workplace;
    if (auto made = Platform::makeDirectories(place.folder(), 0700); !made)
        return made;
    return last.write(place);
}

Error failedWayBack(const Install::Order &order)
{
    return {ErrorCode::NOT_READY, "Version " + order.fromVersion + " keeps crashing, and version "
                + order.toVersion + " could not be brought back. Install the app again."};
}

} // namespace

bool keepsCrashing(const Installation &installation)
{
    std::error_code error;
    int crashes = 0;
    for (const auto &entry : std::filesystem::directory_iterator(notes(installation), error))
        crashes += isCrash(entry.path(), installation);
    return crashes >= crashesOfALoop && updateOnProbation(installation)
        // Where it runs for somebody, it is not given up.
        && Platform::processesRunningFrom(installation.layout.app()).empty();
}

void noteStart(const Installation &installation)
{
    const bool isUnproven = !Platform::identityOf(installation.layout.journal()).empty()
        || updateOnProbation(installation);
    if (!isUnproven || Platform::isDebugged())
        return;
    const auto folder = notes(installation);
    const auto id = QCoreApplication::applicationPid();
    const auto file = folder / std::to_string(id);
    Record note{std::string(noteKind)};
    note.add("version", toStdString(installation.description.version));
    note.add("at", toStdString(Clock::current().now().toString(Qt::ISODate)));
    note.add("birth", Platform::birthOf(int(id)));
    if (Platform::makeDirectories(folder, 0700) && note.write(file, 0600))
        Platform::removeUnlessCrashed(file);
}

void forgetStarts(const Installation &installation)
{
    (void)Platform::removeTree(notes(installation));
}

std::unique_ptr<HelperRun> beginWayBack(const Installation &installation)
{
    forgetStarts(installation);
    auto lock = installation.workplace.takeLock();
    const auto journal = Install::Journal::read(installation.layout);
    // Whoever works there has another plan.
    if (!lock || !journal || *journal)
        return {};
    const auto order = orderBack(installation);
    auto done = noteTrouble(installation, order ? failedWayBack(*order) : order.error());
    if (done && order)
        done = Install::refuse(installation.layout, Install::Refusal::Failed, order->fromVersion);
    if (!done || !order) {
        qCWarning(logCrashLoop, "%s", (done ? order.error() : done.error()).message.c_str());
        return {};
    }
    auto run = std::make_unique<HelperRun>(
        *order, std::make_shared<Platform::Descriptor>(std::move(*lock)), true);
    if (done = run->startHere(); !done) {
        qCWarning(logCrashLoop, "%s", done.error().message.c_str());
        return {};
    }
    run->go(true);
    return run;
}

} // namespace Freshen
