// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/handover/startedcarrier.h"

#include "lib/common/convert.h"
#include "lib/handover/processstart.h"
#include "platform/inherited.h"

namespace Freshen {

using namespace Qt::StringLiterals;
using Platform::Clock;
using Platform::Process;

namespace {

constexpr std::chrono::seconds killTime(5);

// Replaces a variable of the same name.
void setVariable(std::vector<std::string> &environment, std::string entry)
{
    const std::string name = entry.substr(0, entry.find('=') + 1);
    std::erase_if(environment, [&name](const std::string &old) { return old.starts_with(name); });
    environment.push_back(std::move(entry));
}

bool isOurs(const std::string &entry)
{
    for (const char *name :
         {handoverVariable, serviceSocketVariable, "FRESHEN_READY", "NOTIFY_SOCKET"}) {
        if (entry.starts_with(std::string(name) + "="))
            return true;
    }
    return false;
}

std::vector<std::string> toTexts(const QStringList &list)
{
    std::vector<std::string> texts;
    for (const QString &text : list)
        texts.push_back(toStdString(text));
    return texts;
}

} // namespace

StartedCarrier::StartedCarrier(int generation, const HandoverOptions &options, QObject *parent)
    : Carrier(generation, parent)
    , m_options(options)
{
}

Result<void> StartedCarrier::start(Cargo cargo)
{
    auto listener = Platform::ReadyListener::create();
    if (!listener)
        return failure(listener);
    m_listener.emplace(std::move(*listener));
    auto ends = Platform::Channel::create();
    if (!ends)
        return failure(ends);
    useLink(std::move(ends->first));
    auto wanted = request(cargo);
    wanted->descriptors.push_back(ends->second.value());
    sendHello(cargo);
    auto process = Process::start(*wanted);
    if (!process)
        return failure(process);
    m_process = std::move(*process);
    watchProcess();
    return {};
}

Result<Platform::StartRequest> StartedCarrier::request(const Cargo &cargo) const
{
    const ProcessStart &own = processStart();
    Platform::StartRequest request;
    request.program = m_options.executable.isEmpty() ? own.executable
                                                     : toPath(m_options.executable);
    request.arguments = m_options.arguments ? toTexts(*m_options.arguments)
                                            : Platform::currentArguments();
    request.workingDirectory = m_options.workingDirectory.isEmpty()
        ? own.workingDirectory
        : toPath(m_options.workingDirectory);
    request.environment = Platform::currentEnvironment();
    std::erase_if(request.environment, isOurs);
    const auto add = [&request](std::string entry) {
        setVariable(request.environment, std::move(entry));
    };
    for (const QString &entry : m_options.environment)
        add(toStdString(entry));
    for (const SocketRegistry::Entry &socket : cargo.sockets) {
        request.descriptors.push_back(socket.descriptor);
        request.listenNames.push_back(Platform::toListName(socket.name));
    }
    // Standard streams come before, the channel behind.
    add(std::string(handoverVariable) + "=" + std::to_string(3 + cargo.sockets.size()));
    if (qEnvironmentVariableIsSet("NOTIFY_SOCKET"))
        add(std::string(serviceSocketVariable) + "=" + qgetenv("NOTIFY_SOCKET").toStdString());
    for (const std::string &entry : m_listener->environment())
        add(entry);
    return request;
}

void StartedCarrier::watchProcess()
{
    auto *const end = new QSocketNotifier(m_process.handle().value(), QSocketNotifier::Read, this);
    connect(end, &QSocketNotifier::activated, this, [this, end] {
        end->setEnabled(false);
        processEnded();
    });
    auto *const said = new QSocketNotifier(m_listener->value(), QSocketNotifier::Read, this);
    connect(said, &QSocketNotifier::activated, this, &StartedCarrier::readNotification);
}

// A program that knows nothing of Freshen says it this way.
void StartedCarrier::readNotification()
{
    if (m_listener->isReadyFrom(m_process.id()))
        becomeReady();
}

// What it said before it ended comes first.
void StartedCarrier::processEnded()
{
    const int code = m_process.exitCode().value_or(0);
    m_link->readAll();
    while (Platform::waitForAny({m_listener->value()}, Clock::now()))
        readNotification();
    lose({ErrorCode::NOT_READY,
          u"The next version ended with exit code %1."_s.arg(code).toStdString()});
}

void StartedCarrier::abandon()
{
    if (m_process.id() == 0 || m_process.exitCode())
        return;
    m_process.kill();
    Platform::waitForAny({m_process.handle().value()}, Clock::now() + killTime);
    m_process.exitCode(); // so that nothing is left of it
}

} // namespace Freshen
