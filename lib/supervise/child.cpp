// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/child.h"

#include "lib/common/convert.h"
#include "lib/supervise/supervisormessage.h"

namespace Freshen {

namespace {

// Not those that were meant for the supervisor.
bool isOwnEntry(const std::string &entry)
{
    for (const char *name : {"NOTIFY_SOCKET=", "WATCHDOG_USEC=", "WATCHDOG_PID=", "FRESHEN_READY=",
                             "FRESHEN_HANDOVER=", "FRESHEN_SUPERVISOR=", "FRESHEN_TOKEN=",
                             "FRESHEN_CONTROL=", "FRESHEN_GENERATION=", "FRESHEN_VERSION="}) {
        if (entry.starts_with(name))
            return true;
    }
    return false;
}

std::vector<std::string> inheritedEnvironment()
{
    std::vector<std::string> environment = Platform::currentEnvironment();
    std::erase_if(environment, isOwnEntry);
    return environment;
}

void append(std::vector<std::string> &list, const std::vector<std::string> &more)
{
    list.insert(list.end(), more.begin(), more.end());
}

} // namespace

Child::Child(int generation, QObject *parent)
    : QObject(parent)
    , m_generation(generation)
{
    m_readyTimer.setSingleShot(true);
    m_drainTimer.setSingleShot(true);
    connect(&m_drainTimer, &QTimer::timeout, this, &Child::kill);
}

Child::~Child() = default;

Result<void> Child::start(const ChildRequest &request, const KeptSockets &sockets)
{
    auto listener = Platform::ReadyListener::create();
    if (!listener)
        return failure(listener);
    auto ends = Platform::Channel::create();
    if (!ends)
        return failure(ends);
    Platform::StartRequest start;
    start.program = request.program;
    start.arguments = request.arguments;
    start.workingDirectory = request.workingDirectory;
    start.descriptors = sockets.descriptors();
    start.listenNames = sockets.names();
    // Its end tells the program that the supervisor is gone, however that happened.
    const int channel = int(KeptSockets::firstNumber + start.descriptors.size());
    start.descriptors.push_back(ends->second.value());
    start.environment = inheritedEnvironment();
    append(start.environment, request.environment);
    append(start.environment, listener->environment());
    start.environment.push_back(SupervisorMessage::environment(channel, m_generation));
    start.ownSession = true;
    auto process = Platform::Process::start(start);
    if (!process)
        return failure(process);
    m_process = std::move(*process);
    m_readyListener.emplace(std::move(*listener));
    m_channel.emplace(std::move(ends->first));
    m_readyTimer.setInterval(request.readyTimeout);
    watch(request.ready);
    return {};
}

void Child::watch(const ReadyRule &rule)
{
    const auto notify = [this](int fd, void (Child::*slot)()) {
        auto notifier = std::make_unique<QSocketNotifier>(fd, QSocketNotifier::Read);
        connect(notifier.get(), &QSocketNotifier::activated, this, slot);
        m_notifiers.push_back(std::move(notifier));
    };
    notify(m_readyListener->value(), &Child::noteReady);
    notify(m_channel->value(), &Child::readMessage);
    notify(m_process.handle().value(), &Child::noteEnd);
    if (rule.kind == ReadyRule::Kind::Signal) {
        connect(&m_readyTimer, &QTimer::timeout, this, &Child::notReady);
        m_readyTimer.start();
        return;
    }
    connect(&m_readyTimer, &QTimer::timeout, this, [this] {
        m_isReady = true;
        Q_EMIT ready();
    });
    m_readyTimer.start(std::chrono::seconds(rule.aliveSeconds));
}

void Child::noteReady()
{
    if (!m_readyListener->isReadyFrom(m_process.id()) || m_isReady || m_isEnded)
        return;
    m_readyTimer.stop();
    m_isReady = true;
    Q_EMIT ready();
}

void Child::noteEnd()
{
    const auto code = m_process.exitCode();
    if (!code || m_isEnded)
        return;
    // Readiness that was said before the end counts, whichever is noticed first.
    noteReady();
    m_isEnded = true;
    m_readyTimer.stop();
    m_drainTimer.stop();
    m_notifiers.clear();
    Q_EMIT ended(*code);
}

void Child::readMessage()
{
    const auto text = m_channel->receive(Platform::Clock::now());
    if (!text || !*text) {
        // The program closed its end; that it ends is another matter.
        m_notifiers[1]->setEnabled(false);
        return;
    }
    const auto message = SupervisorMessage::parse(**text);
    if (message && message->generation == m_generation)
        Q_EMIT asked(message->word);
}

void Child::leave(std::chrono::milliseconds drain)
{
    if (m_isLeaving || m_isEnded)
        return;
    m_isLeaving = true;
    m_readyTimer.stop();
    (void)m_channel->send(SupervisorMessage{m_generation, QStringLiteral("leave")}.toText());
    m_process.terminate();
    m_drainTimer.start(drain);
}

void Child::kill()
{
    m_process.kill();
}

} // namespace Freshen
