// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/handover.h>

#include "lib/common/convert.h"
#include "lib/handover/handover_p.h"
#include "lib/handover/startedcarrier.h"
#include "platform/paths.h"

#include <QCoreApplication>
#include <QDir>

#include <fcntl.h>

namespace Freshen {

using namespace Qt::StringLiterals;
using Platform::Descriptor;
using Platform::SocketAddress;

namespace {

constexpr std::chrono::seconds takeOverTime(10);

Handover *only = nullptr;

Result<SocketAddress> toAddress(const QString &kind, const QHostAddress &address, quint16 port)
{
    const bool isAny = address == QHostAddress(QHostAddress::Any);
    const QString host = isAny                                ? u"*"_s
        : address.protocol() == QAbstractSocket::IPv6Protocol ? u"[%1]"_s.arg(address.toString())
                                                              : address.toString();
    return SocketAddress::parse(toStdString(u"%1:%2:%3"_s.arg(kind, host).arg(port)));
}

SocketRegistry::Opener toOpener(const QString &address, const Handover::Opener &opener)
{
    return [address, opener]() -> Result<Descriptor> {
        Descriptor opened{int(opener())};
        if (!opened.isOpen())
            return failure(ErrorCode::IO, u"The program itself could not open %1."_s.arg(address));
        return opened;
    };
}

template<typename Server>
Result<void> openNew(SocketRegistry &registry, Server *server, const Result<SocketAddress> &address,
                     const Platform::SocketHook &hook)
{
    if (!address)
        return failure(address);
    return registry.open(server, *address, [&] { return Platform::openListening(*address, hook); });
}

template<typename Server>
Result<void> openWith(SocketRegistry &registry, Server *server, const QString &text,
                      const Handover::Opener &opener)
{
    const auto address = SocketAddress::parse(toStdString(text));
    if (!address)
        return failure(address);
    return registry.open(server, *address, toOpener(text, opener));
}

} // namespace

HandoverPrivate::HandoverPrivate(Handover *handover)
    : q(handover)
    , isOnly(!only)
{
    timeout.setSingleShot(true);
    QObject::connect(&timeout, &QTimer::timeout, q, [this] {
        attemptFailed(
            {u"NOT_READY"_s,
             u"The next version was not ready within %1 ms."_s.arg(options.timeout.count())});
    });
}

HandoverPrivate::~HandoverPrivate()
{
    if (state == State::HandingOver && carrier)
        carrier->abandon();
}

void HandoverPrivate::setState(State next)
{
    if (state == next)
        return;
    state = next;
    Q_EMIT q->stateChanged();
}

bool HandoverPrivate::report(const Result<void> &result)
{
    error = result ? UpdateError() : toUpdateError(result.error());
    return result.has_value();
}

Platform::SocketHook HandoverPrivate::systemHook() const
{
    if (!hook)
        return {};
    return [this](int fd) -> Result<void> {
        if (!hook(fd))
            return failure(ErrorCode::CONFIG,
                           "The program refused a socket that was about to be "
                           "opened.");
        return {};
    };
}

Handover::Handover(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<HandoverPrivate>(this))
{
    if (!d->isOnly)
        return;
    only = this;
    d->inherit();
}

Handover::~Handover()
{
    if (only == this)
        only = nullptr;
}

Handover::State Handover::state() const
{
    return d->state;
}

int Handover::generation() const
{
    return d->generation;
}

UpdateError Handover::lastError() const
{
    return d->error;
}

void Handover::setOptions(const HandoverOptions &options)
{
    d->options = options;
}

HandoverOptions Handover::options() const
{
    return d->options;
}

void Handover::setSocketHook(const SocketHook &hook)
{
    d->hook = hook;
}

bool Handover::listen(QTcpServer *server, const QHostAddress &address, quint16 port)
{
    return d->report(
        openNew(d->registry, server, toAddress(u"tcp"_s, address, port), d->systemHook()));
}

bool Handover::listen(QLocalServer *server, const QString &path)
{
    const auto address = SocketAddress::parse("unix:" + toStdString(path));
    return d->report(openNew(d->registry, server, address, d->systemHook()));
}

bool Handover::bind(QUdpSocket *socket, const QHostAddress &address, quint16 port)
{
    return d->report(
        openNew(d->registry, socket, toAddress(u"udp"_s, address, port), d->systemHook()));
}

bool Handover::listenWith(QTcpServer *server, const QString &address, const Opener &opener)
{
    return d->report(openWith(d->registry, server, address, opener));
}

bool Handover::listenWith(QLocalServer *server, const QString &address, const Opener &opener)
{
    return d->report(openWith(d->registry, server, address, opener));
}

bool Handover::bindWith(QUdpSocket *socket, const QString &address, const Opener &opener)
{
    return d->report(openWith(d->registry, socket, address, opener));
}

qintptr Handover::openSocket(const QString &address)
{
    const auto parsed = SocketAddress::parse(toStdString(address));
    auto opened = parsed ? d->registry.open(
                      *parsed, [&] { return Platform::openListening(*parsed, d->systemHook()); })
                         : Result<Descriptor>(failure(parsed));
    d->report(opened ? Result<void>() : Result<void>(failure(opened)));
    return opened ? opened->release() : -1;
}

void Handover::add(QTcpServer *server)
{
    d->registry.add(server);
}

void Handover::add(QUdpSocket *socket)
{
    d->registry.add(socket);
}

bool Handover::addDescriptor(const QString &name, qintptr descriptor)
{
    Descriptor own(::fcntl(int(descriptor), F_DUPFD_CLOEXEC, 0));
    if (!own.isOpen())
        return d->report(failure(ErrorCode::CONFIG, u"\"%1\" is no open descriptor."_s.arg(name)));
    d->registry.add(toStdString(name), std::move(own));
    return d->report({});
}

qintptr Handover::takeDescriptor(const QString &name)
{
    return d->registry.takeInherited(toStdString(name)).release();
}

QStringList Handover::descriptorNames() const
{
    return d->registry.inheritedNames();
}

QStringList Handover::registeredNames() const
{
    QStringList names;
    for (const auto &entry : d->registry.entries())
        names.append(toQString(entry.name));
    return names;
}

void Handover::setState(int version, const std::function<QByteArray()> &provider)
{
    d->stateVersion = version;
    d->stateProvider = provider;
}

std::optional<HandoverState> Handover::inheritedState() const
{
    return d->inheritedState;
}

void Handover::declineState(const QString &reason)
{
    if (d->parent && d->state == State::Starting)
        d->parent->send(HandoverMessage::Kind::Declined, {{u"reason"_s, reason}});
}

bool Handover::offerAt(const QString &path)
{
    return d->report(d->offerAt(path));
}

bool Handover::takeOverFrom(const QString &path)
{
    if (!d->isOnly || d->state != State::Starting || d->parent)
        return d->report(
            failure(ErrorCode::CONFIG, "A version takes over once, and at its start."));
    auto taken = Freshen::takeOverFrom(toPath(rendezvousPath(path)),
                                       Platform::Clock::now() + takeOverTime);
    return d->report(taken ? d->use(std::move(*taken)) : Result<void>(failure(taken)));
}

QString Handover::rendezvousPath(const QString &path)
{
    const QString name = path.isEmpty() ? QCoreApplication::applicationName() : path;
    if (name.contains(u'/'))
        return QDir::cleanPath(QDir::current().absoluteFilePath(name));
    return toQString(Platform::runtimeDirectory() / toStdString(name + u".handover"_s));
}

bool Handover::ready()
{
    return d->report(d->becomeReady());
}

Handover::Refusal Handover::refusal() const
{
    return d->refusal();
}

Handover::Refusal Handover::handOver()
{
    const Refusal reason = d->refusal();
    if (reason == Refusal::None)
        d->begin(new StartedCarrier(d->nextGeneration(), d->options, this));
    return reason;
}

void Handover::stop()
{
    d->stop();
}

bool Handover::hasParent() const
{
    return d->parentIsThere();
}

bool Handover::waitForParent(std::chrono::milliseconds timeout)
{
    const auto deadline = Platform::Clock::now() + timeout;
    while (d->parentIsThere()) {
        if (!Platform::waitForAny({d->parent->channel().value()}, deadline))
            return d->report(failure(ErrorCode::APP_RUNNING, "The version before still runs."));
    }
    d->error = d->parentError;
    return !d->error.isError();
}

void Handover::watch(QObject *connection)
{
    d->drain.watch(connection);
}

int Handover::watchedCount() const
{
    return d->drain.count();
}

int Handover::abandonedCount() const
{
    return d->drain.abandonedCount();
}

void Handover::setLeavePolicy(const LeavePolicy &policy)
{
    d->policy = policy;
}

bool Handover::move(Connection *connection, const QByteArray &note)
{
    return d->moves.move(connection, note);
}

} // namespace Freshen
