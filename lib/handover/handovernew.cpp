// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What the new version does.

#include "lib/handover/handover_p.h"

#include "lib/common/convert.h"
#include "lib/handover/connection_p.h"
#include "lib/handover/processstart.h"
#include "lib/handover/startedcarrier.h"
#include "platform/memoryfile.h"
#include "platform/ready.h"

#include <QDir>
#include <QMetaMethod>
#include <QPointer>
#include <QSaveFile>

#include <fcntl.h>
#include <unistd.h>

namespace Freshen {

using namespace Qt::StringLiterals;
using Platform::Clock;
using Platform::Descriptor;

namespace {

// The version before has said it long since.
constexpr std::chrono::seconds helloTime(10);

QByteArray takeVariable(const char *name)
{
    const QByteArray value = qgetenv(name);
    qunsetenv(name);
    return value;
}

// What a version before told its child is no word to the service manager or the helper.
void restoreServiceSocket()
{
    const QByteArray socket = takeVariable(serviceSocketVariable);
    qunsetenv("FRESHEN_READY");
    if (socket.isEmpty())
        qunsetenv("NOTIFY_SOCKET");
    else
        qputenv("NOTIFY_SOCKET", socket);
}

} // namespace

void HandoverPrivate::inherit()
{
    auto descriptors = Platform::takeInherited();
    const QByteArray channelNumber = takeVariable(handoverVariable);
    if (!channelNumber.isEmpty())
        restoreServiceSocket();
    Result<void> done;
    if (!descriptors)
        done = failure(descriptors);
    else if (channelNumber.isEmpty())
        registry.addInherited(std::move(*descriptors));
    else
        done = inheritFromParent(std::move(*descriptors), channelNumber);
    if (!done) {
        inheritError = done.error();
        report(done);
    }
}

Result<void> HandoverPrivate::inheritFromParent(std::vector<Platform::NamedDescriptor> descriptors,
                                                const QByteArray &channelNumber)
{
    bool isNumber = false;
    const int fd = channelNumber.toInt(&isNumber);
    if (!isNumber || fd < 3 || ::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
        return failure(ErrorCode::PROTOCOL, "FRESHEN_HANDOVER names no open descriptor.");
    auto taken = takeOverFromParent(Platform::Channel(Descriptor(fd)), descriptors.size(),
                                    Clock::now() + helloTime);
    if (!taken)
        return failure(taken);
    taken->descriptors = std::move(descriptors);
    return use(std::move(*taken));
}

Result<void> HandoverPrivate::use(TakenOver taken)
{
    if (taken.state.isOpen()) {
        const auto bytes = Platform::readMemoryFile(taken.state);
        if (!bytes)
            return failure(bytes);
        const qint64 version = taken.hello.fields.value(u"state"_s).toInteger();
        inheritedState = HandoverState{int(version), QByteArray::fromStdString(*bytes)};
    }
    registry.addInherited(std::move(taken.descriptors));
    registry.setInheritedFiles(taken.hello.fields.value(u"files"_s).toMap());
    generation = taken.hello.generation;
    parent = new HandoverLink(std::move(taken.channel), generation, q);
    parent->received = [this](const HandoverMessage &message, auto descriptors) {
        parentSays(message, std::move(descriptors));
    };
    parent->broken = [this](const Error &broken) {
        parentError = toUpdateError(broken);
        loseParent();
    };
    parent->ended = [this] { loseParent(); };
    return {};
}

void HandoverPrivate::loseParent()
{
    if (!parent)
        return;
    parent->deleteLater();
    parent = nullptr;
    QMetaObject::invokeMethod(q, &Handover::parentGone, Qt::QueuedConnection);
}

bool HandoverPrivate::parentIsThere()
{
    if (parent)
        parent->readAll();
    return parent != nullptr;
}

void HandoverPrivate::parentSays(const HandoverMessage &message,
                                 HandoverLink::Descriptors descriptors)
{
    if (message.kind == HandoverMessage::Kind::Move)
        connectionCame(message, std::move(descriptors));
    else
        parent->broken({ErrorCode::PROTOCOL, "The version before said something unexpected."});
}

// It begins only once the answer is sent, or the version before is gone: from then on that one does
// nothing with it.
void HandoverPrivate::connectionCame(const HandoverMessage &message,
                                     HandoverLink::Descriptors descriptors)
{
    auto arrived = arrivedConnection(message, std::move(descriptors));
    const bool isTaken = arrived
        && q->isSignalConnected(QMetaMethod::fromSignal(&Handover::connectionArrived));
    const QCborMap answer = {{u"id"_s, message.fields.value(u"id"_s)}, {u"ok"_s, isTaken}};
    std::function<void()> start;
    if (isTaken) {
        const auto held = std::make_shared<ArrivedConnection>(std::move(*arrived));
        start = [this, held] {
            const QPointer<Connection> connection = held->connection.release();
            Q_EMIT q->connectionArrived(connection, held->note);
            if (connection)
                ConnectionPrivate::of(connection).resume();
        };
    }
    parent->send(HandoverMessage::Kind::Moved, answer, {}, start);
}

Result<void> HandoverPrivate::becomeReady()
{
    if (inheritError)
        return tl::unexpected<Error>(*inheritError);
    if (!isOnly)
        return failure(ErrorCode::CONFIG, "A process has one Handover only.");
    if (state != State::Starting)
        return {};
    registry.closeInherited();
    if (const auto written = writePidFile(); !written)
        return written;
    tellReady();
    setState(State::Serving);
    return {};
}

Result<void> HandoverPrivate::writePidFile() const
{
    if (options.pidFile.isEmpty())
        return {};
    const QDir start(toQString(processStart().workingDirectory));
    QSaveFile file(start.absoluteFilePath(options.pidFile));
    const QByteArray content = QByteArray::number(qint64(::getpid())) + '\n';
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()
        || !file.commit()) {
        return failure(ErrorCode::IO,
                       u"Cannot write the process's number to %1: %2."_s.arg(file.fileName(),
                                                                             file.errorString()));
    }
    return {};
}

void HandoverPrivate::tellReady()
{
    if (parent) {
        parent->send(HandoverMessage::Kind::Ready);
        return;
    }
    if (Platform::isReadyAwaited())
        Platform::sayReady();
    else
        Platform::notifyServiceManager("READY=1\nMAINPID=" + std::to_string(::getpid()));
}

} // namespace Freshen
