// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/watcher.h"

#include "platform/foreignprocess.h"
#include "platform/paths.h"
#include "updater-helper/install/accepted.h"
#include "updater-helper/install/history.h"
#include "updater-helper/installer.h"

#include <algorithm>

namespace Freshen {

namespace {

using namespace std::chrono_literals;
using Platform::Clock;
using Platform::Deadline;
using Install::ReadyCheck;

// How long a version that is given up may take to end.
constexpr auto endTime = 10s;
// How much later than others this process may be told that the session ends.
constexpr auto tellingTime = 500ms;
// How long an app may take to quit once the session ends.
constexpr auto leavingTime = 5s;
// How often to look whether others still run the app, and how long at most while nobody of this
// user does who is to have it again.
constexpr auto lookingTime = 500ms;
constexpr auto othersTime = 2s;

std::vector<std::string> withoutReadyVariables(std::vector<std::string> environment)
{
    std::erase_if(environment, [](const std::string &variable) {
        return variable.starts_with("NOTIFY_SOCKET=") || variable.starts_with("FRESHEN_READY=");
    });
    return environment;
}

std::string lastWord(const Error &error)
{
    return error.code == ErrorCode::CANCELLED ? "cancelled" : toFailure(error);
}

Error stillRunning(const std::vector<Platform::RunningProcess> &processes,
                   const std::filesystem::path &app)
{
    if (processes.empty())
        return {ErrorCode::APP_RUNNING,
                "Somebody else on this computer runs the app in " + app.string()
                    + ". Try again when it is closed; the new version is staged already."};
    const Platform::RunningProcess &first = processes.front();
    return {ErrorCode::APP_RUNNING,
            "The app in " + app.string() + " still runs (" + first.name + ", process "
                + std::to_string(first.id)
                + "). Close it and try again; the new version is staged already."};
}

} // namespace

Watcher::Watcher(Install::Order order, std::filesystem::path orderFile,
                 WatcherConnections connections, Platform::SignalListener signals)
    : m_order(std::move(order))
    , m_layout(m_order.app)
    , m_orderFile(std::move(orderFile))
    , m_connections(std::move(connections))
    , m_signals(std::move(signals))
{
}

int Watcher::run()
{
    const std::string outcome = carryOut();
    cleanUp();
    (void)m_connections.caller.send(outcome);
    return outcome.starts_with("failed") ? 1 : 0;
}

std::string Watcher::carryOut()
{
    auto done = startInstaller();
    if (done)
        done = prepare();
    if (!done)
        return lastWord(done.error());
    lookUpPrograms();
    (void)m_connections.caller.send("armed");
    done = awaitGo();
    if (done)
        done = waitForApp();
    if (!done) {
        (void)ask("discard");
        if (m_hasAppEnded && m_order.launches)
            startOldVersion();
        return lastWord(done.error());
    }
    m_appEnded = Clock::now();
    done = ask("swap");
    noteDowntime();
    // Whoever quit the app to have a new version gets the old one again.
    if (!done && m_order.launches)
        startOldVersion();
    if (done)
        done = m_order.launches ? launchAndJudge() : ask(commitRequest());
    return done ? "done " + std::to_string(m_downtime) : lastWord(done.error());
}

Result<void> Watcher::startInstaller()
{
    auto started = Freshen::startInstaller(m_order, m_orderFile, m_connections.lock);
    if (!started)
        return failure(started);
    m_installer = std::move(*started);
    return {};
}

Result<void> Watcher::prepare()
{
    std::vector<int> offer;
    if (m_installer.offer.isOpen())
        offer.push_back(m_installer.offer.value());
    // One that ended before it was asked may have said why.
    (void)m_installer.channel.trySend(m_installer.preparation, offer);
    while (true) {
        std::vector<int> watched = {m_installer.channel.value(), m_signals.value()};
        if (!m_mayGo)
            watched.push_back(m_connections.caller.value());
        const auto first = Platform::waitForAny(watched, {});
        if (first == std::size_t(0))
            return answer();
        if (first != std::size_t(2) || !hearGo())
            break;
    }
    // Hanging up makes the installer stop at the next block.
    m_installer.channel.close();
    return failure(ErrorCode::CANCELLED, "Cancelled.");
}

Result<void> Watcher::ask(const std::string &request)
{
    auto sent = m_installer.channel.send(request);
    return sent ? answer() : sent;
}

Result<void> Watcher::answer()
{
    const auto message = m_installer.channel.receive();
    if (!message)
        return failure(message);
    if (!*message)
        return tl::unexpected<Error>(endOf(m_installer, m_order));
    const auto problem = fromFailure(**message);
    return problem ? tl::unexpected<Error>(*problem) : Result<void>();
}

Result<void> Watcher::awaitGo()
{
    if (m_mayGo)
        return {};
    const auto first = Platform::waitForAny({m_connections.caller.value(), m_signals.value()}, {});
    return first == std::size_t(0) ? hearGo() : failure(ErrorCode::CANCELLED, "Cancelled.");
}

Result<void> Watcher::hearGo()
{
    const auto word = m_connections.caller.receive();
    if (!word || !*word || !(*word)->starts_with("go"))
        return failure(ErrorCode::CANCELLED, "Cancelled.");
    if (**word == "go without start")
        m_order.launches = false;
    m_mayGo = true;
    return {};
}

Result<void> Watcher::waitForApp()
{
    auto deadline = m_order.waitSeconds < 0
        ? std::optional<Deadline>()
        : Clock::now() + std::chrono::seconds(m_order.waitSeconds);
    bool hasCaller = true;
    bool isLeaving = false;
    while (true) {
        const auto processes = Platform::processesRunningFrom(m_order.app);
        const bool hasStarterEnded = !m_connections.app.isOpen()
            || Platform::hasEnded(m_connections.app);
        m_hasAppEnded = processes.empty() && hasStarterEnded;
        // What the app said before it ended counts, however late it is read.
        if (auto heard = hearCaller(hasCaller); !heard)
            return heard;
        if (!isLeaving && isToldToEnd()) {
            isLeaving = true;
            deadline = Clock::now() + leavingTime;
        }
        m_order.launches = m_order.launches && !isLeaving;
        if (m_hasAppEnded && !isUsedByOthers())
            return {};
        // Who waits for the new version cannot make others quit.
        if (m_hasAppEnded && m_order.launches && !deadline)
            deadline = Clock::now() + othersTime;
        std::vector<int> watched;
        if (hasCaller)
            watched.push_back(m_connections.caller.value());
        if (!isLeaving)
            watched.push_back(m_signals.value());
        auto until = deadline;
        if (m_hasAppEnded)
            until = std::min(deadline.value_or(Deadline::max()), Clock::now() + lookingTime);
        else
            watched.push_back(hasStarterEnded ? processes.front().handle.value()
                                              : m_connections.app.value());
        if (Platform::waitForAny(watched, until) || until != deadline)
            continue;
        return tl::unexpected<Error>(stillRunning(processes, m_order.app));
    }
}

bool Watcher::isUsedByOthers() const
{
    // An installer with more rights sees them itself.
    return hasOwnRights() && Platform::isExecuted(m_layout.place(m_oldExecutable));
}

bool Watcher::isToldToEnd(std::chrono::milliseconds patience) const
{
    return Platform::waitForAny({m_signals.value()}, Clock::now() + patience).has_value();
}

// A person may change their mind while the app still runs.
Result<void> Watcher::hearCaller(bool &hasCaller)
{
    while (hasCaller && Platform::waitForAny({m_connections.caller.value()}, Clock::now())) {
        const auto word = m_connections.caller.receive();
        hasCaller = word && *word;
        if (hasCaller && **word == "cancel")
            return failure(ErrorCode::CANCELLED, "Cancelled.");
        if (hasCaller)
            m_order.launches = **word == "go";
    }
    return {};
}

Result<void> Watcher::launchAndJudge()
{
    auto listener = Platform::ReadyListener::create();
    if (!listener)
        return failure(listener);
    auto process = launch(m_newExecutable, &*listener);
    noteDowntime();
    switch (process ? judge(*process, *listener) : Verdict::Failed) {
    case Verdict::Ready:
        return ask(commitRequest());
    case Verdict::Failed:
        return judgeFailed();
    case Verdict::Open:
        break;
    }
    return failure(ErrorCode::NOT_READY,
                   "Version " + m_order.toVersion + " was told to end before it was ready. The "
                   "next start finishes or undoes the update.");
}

std::string Watcher::commitRequest() const
{
    return m_order.cause.empty() ? "commit " + std::to_string(m_downtime)
                                 : toFailure({ErrorCode::ROLLED_BACK, m_order.cause});
}

void Watcher::noteDowntime()
{
    const auto passed = Clock::now() - m_appEnded;
    m_downtime = std::chrono::duration_cast<std::chrono::milliseconds>(passed).count();
}

// While the old version still runs: to read and verify long manifests takes time.
void Watcher::lookUpPrograms()
{
    const auto executableIn = [this](const std::filesystem::path &tree) {
        const auto release = Install::readRelease(m_layout, tree, m_order.keys);
        return release ? release->manifest.executable : std::string();
    };
    m_newExecutable = executableIn(m_order.tree());
    m_oldExecutable = executableIn(m_layout.descriptionFolder());
    // An app without a manifest has hardly moved its program.
    if (m_oldExecutable.empty())
        m_oldExecutable = m_newExecutable;
}

void Watcher::startOldVersion()
{
    if (!isToldToEnd())
        (void)launch(m_oldExecutable, nullptr);
}

Result<Platform::Process> Watcher::launch(const std::string &executable,
                                          const Platform::ReadyListener *listener)
{
    Platform::StartRequest request;
    request.program = m_layout.place(executable);
    request.arguments = m_order.arguments;
    request.environment = withoutReadyVariables(m_order.environment);
    if (listener && m_order.ready.kind == ReadyCheck::Kind::Signal) {
        for (const std::string &variable : listener->environment())
            request.environment.push_back(variable);
    }
    request.workingDirectory = m_order.workingDirectory;
    request.ownSession = true;
    request.discardOutput = !m_order.keepsOutput;
    return Platform::Process::start(request);
}

Watcher::Verdict Watcher::judge(Platform::Process &process, Platform::ReadyListener &listener)
{
    if (m_order.ready.kind == ReadyCheck::Kind::None)
        return Verdict::Ready;
    const Deadline deadline = Clock::now() + std::chrono::seconds(m_order.ready.seconds);
    while (true) {
        const auto first = Platform::waitForAny(
            {listener.value(), process.handle().value(), m_signals.value()}, deadline);
        if (!first && m_order.ready.kind == ReadyCheck::Kind::Alive)
            return Verdict::Ready;
        if (!first)
            return Verdict::Failed;
        if (*first == 1)
            return judgeEnd(process);
        if (*first == 2)
            return Verdict::Open;
        if (listener.isReadyFrom(process.id()))
            return Verdict::Ready;
    }
}

// What a session's end did to it is no failure of the release.
Watcher::Verdict Watcher::judgeEnd(Platform::Process &process) const
{
    const bool wasAsked = Platform::wasAskedToEnd(process.exitCode().value_or(0));
    return wasAsked || isToldToEnd(tellingTime) ? Verdict::Open : Verdict::Failed;
}

Result<void> Watcher::judgeFailed()
{
    const std::string sentence = "Version " + m_order.toVersion + " did not become ready within "
        + std::to_string(m_order.ready.seconds) + " s";
    if (!m_order.mayGoBack) {
        const Error problem{ErrorCode::NOT_READY,
                            sentence + ". It is kept, because its data may not suit version "
                                + m_order.fromVersion + "."};
        if (auto kept = ask(toFailure(problem)); !kept)
            return kept;
        return tl::unexpected<Error>(problem);
    }
    Platform::endProcesses(m_order.app, Clock::now() + endTime);
    if (auto returned = goBack(); !returned)
        return returned;
    startOldVersion();
    return failure(ErrorCode::ROLLED_BACK,
                   sentence + " or ended before, so version " + m_order.fromVersion
                       + " was brought back and started. " + m_order.toVersion
                       + " is not installed again by itself.");
}

// An installer with more rights does not believe that it was the release's fault, so this user
// alone remembers it.
Result<void> Watcher::goBack()
{
    auto returned = ask("back");
    if (!returned || hasOwnRights())
        return returned;
    return Install::refuse(m_order.workplace(), Install::Refusal::Failed, m_order.toVersion);
}

// Before the last word, so that the caller finds the lock free.
void Watcher::cleanUp()
{
    m_installer.channel.close();
    if (m_installer.process.handle().isOpen())
        Platform::waitForAny({m_installer.process.handle().value()}, {});
    (void)Platform::removeFile(m_orderFile);
    (void)Platform::removeFile(m_order.workplace().helper());
    m_connections.lock.reset();
}

} // namespace Freshen
