// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What the old version does.

#include "lib/handover/handover_p.h"

#include "lib/common/convert.h"
#include "lib/handover/connection_p.h"
#include "lib/handover/rendezvouscarrier.h"
#include "platform/memoryfile.h"
#include "platform/ready.h"
#include "updater-helper/trust/text.h"

#include <QPointer>

namespace Freshen {

using namespace Qt::StringLiterals;
using Refusal = Handover::Refusal;

Refusal HandoverPrivate::refusal()
{
    if (!isOnly)
        return Refusal::Unsupported;
    switch (state) {
    case State::Starting:
        return Refusal::NotReady;
    case State::HandingOver:
        return Refusal::InProgress;
    case State::Leaving:
    case State::Finished:
        return Refusal::AlreadyHandedOver;
    case State::Stopped:
        return Refusal::Stopping;
    case State::Serving:
        break;
    }
    return parentIsThere() ? Refusal::ParentRunning : Refusal::None;
}

void HandoverPrivate::begin(Carrier *next)
{
    carrier = next;
    setState(State::HandingOver);
    // One that was given up may still have said something before.
    next->ready = [this, next] {
        if (carrier == next)
            nextIsReady();
    };
    next->lost = [this, next](const Error &error) {
        if (carrier == next)
            nextIsLost(toUpdateError(error));
    };
    next->declined = [this, next](const QString &reason) {
        if (carrier != next)
            return;
        Q_EMIT q->stateDeclined(reason);
        if (options.needsState)
            attemptFailed({u"VETOED"_s,
                           u"The next version declined the state: %1"_s.arg(
                               toQString(Trust::escaped(toStdString(reason))))});
    };
    next->moved = [this](const QCborMap &fields) { moves.answered(fields); };
    auto content = cargo();
    const Result<void> started = content ? next->start(std::move(*content))
                                         : Result<void>(failure(content));
    if (started) {
        timeout.start(options.timeout);
        return;
    }
    // Whoever asked shall hear of it after the question.
    QMetaObject::invokeMethod(
        next, [this, error = toUpdateError(started.error())] { attemptFailed(error); },
        Qt::QueuedConnection);
}

Result<Carrier::Cargo> HandoverPrivate::cargo()
{
    Carrier::Cargo content;
    content.sockets = registry.entries();
    content.files = registry.ownedFiles();
    if (!stateProvider)
        return content;
    auto memory = Platform::createMemoryFile(toView(stateProvider()));
    if (!memory)
        return failure(memory);
    content.stateVersion = stateVersion;
    content.state = std::move(*memory);
    return content;
}

// With one that was ready the connections that it did not take stay here.
void HandoverPrivate::nextIsLost(const UpdateError &reason)
{
    moves.setLink(nullptr);
    attemptFailed(reason);
}

// Only what is not ready can fail.
void HandoverPrivate::attemptFailed(const UpdateError &reason)
{
    if (state != State::HandingOver || !carrier)
        return;
    timeout.stop();
    carrier->abandon();
    carrier->deleteLater();
    carrier = nullptr;
    error = reason;
    setState(State::Serving);
    Q_EMIT q->failed(reason);
}

void HandoverPrivate::nextIsReady()
{
    timeout.stop();
    setState(State::Leaving);
    visitors.reset();
    offered.reset();
    registry.stopAccepting();
    Platform::notifyServiceManager("MAINPID=" + std::to_string(carrier->processId()));
    moves.setLink(carrier->link());
    Q_EMIT q->handedOver();
    leave();
}

void HandoverPrivate::leave()
{
    Q_EMIT q->leaving();
    for (QObject *object : drain.watched()) {
        auto *const connection = qobject_cast<Connection *>(object);
        if (!connection || !policy)
            continue;
        QTimer::singleShot(ConnectionMoves::delay(options.moveSpread), connection,
                           [this, connection] { applyPolicy(connection); });
    }
    drain.begin(
        options.drainTime, [this] { return registry.stopAccepting(); }, [this] { finish(); });
}

void HandoverPrivate::applyPolicy(Connection *connection)
{
    QByteArray note;
    switch (policy(connection, &note)) {
    case Handover::Leave::Stay:
        break;
    case Handover::Leave::Move:
        moves.move(connection, note);
        break;
    case Handover::Leave::CloseAfterReply:
        Q_EMIT connection->leaveRequested();
        break;
    }
}

void HandoverPrivate::finish()
{
    registry.closeAll();
    setState(State::Finished);
    Q_EMIT q->finished();
}

void HandoverPrivate::stop()
{
    const bool wasHandedOver = state == State::Leaving || state == State::Finished;
    if (wasHandedOver || state == State::Stopped)
        return;
    attemptFailed({u"CANCELLED"_s, u"The program stops; no next version takes over."_s});
    Platform::notifyServiceManager("STOPPING=1");
    visitors.reset();
    offered.reset();
    registry.closeAll();
    registry.removeFiles();
    setState(State::Stopped);
}

Result<void> HandoverPrivate::offerAt(const QString &path)
{
    const QString file = Handover::rendezvousPath(path);
    if (const auto ensured = Platform::ensurePrivateFolder(toPath(file).parent_path()); !ensured)
        return ensured;
    const auto address = Platform::SocketAddress::parse("unixpacket:" + toStdString(file));
    if (!address)
        return failure(address);
    auto opened = registry.open(*address, [&address] { return Platform::openListening(*address); });
    if (!opened)
        return failure(opened);
    offered = std::move(*opened);
    visitors = std::make_unique<QSocketNotifier>(offered.value(), QSocketNotifier::Read);
    QObject::connect(visitors.get(), &QSocketNotifier::activated, q, [this] { visitorCame(); });
    return {};
}

// Strangers are sent away; who says nothing is not waited for.
void HandoverPrivate::visitorCame()
{
    auto accepted = Platform::Channel::accept(offered.value());
    if (!accepted) {
        if (accepted.error().code == ErrorCode::PROTOCOL)
            Q_EMIT q->failed(toUpdateError(accepted.error()));
        return;
    }
    const auto channel = std::make_shared<Platform::Channel>(std::move(*accepted));
    auto *const notifier = new QSocketNotifier(channel->value(), QSocketNotifier::Read, q);
    QObject::connect(notifier, &QSocketNotifier::activated, q, [this, channel, notifier] {
        notifier->setEnabled(false);
        notifier->deleteLater();
        visitorSpoke(std::move(*channel));
    });
}

void HandoverPrivate::visitorSpoke(Platform::Channel channel)
{
    auto text = channel.receive(Platform::Clock::now());
    if (text && !*text)
        return; // only looked whether somebody is here
    auto message = text ? HandoverMessage::decode(**text) : Result<HandoverMessage>(failure(text));
    if (message && message->kind != HandoverMessage::Kind::TakeOver)
        message = failure(ErrorCode::PROTOCOL, "A visitor asked for something unknown.");
    if (!message) {
        Q_EMIT q->failed(toUpdateError(message.error()));
        return;
    }
    if (refusal() == Refusal::None)
        begin(new RendezvousCarrier(nextGeneration(), std::move(channel), q));
}

} // namespace Freshen
