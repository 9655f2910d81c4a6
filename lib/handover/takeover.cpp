// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/handover/takeover.h"

#include "lib/common/convert.h"

#include <QCborArray>

#include <unistd.h>

namespace Freshen {

using namespace Qt::StringLiterals;
using Descriptors = std::vector<Platform::Descriptor>;
using Kind = HandoverMessage::Kind;
using Platform::Channel;

namespace {

Result<HandoverMessage> receive(Channel &channel, Kind kind, Descriptors &descriptors,
                                Platform::Deadline deadline)
{
    auto parcel = channel.receiveParcel(deadline);
    if (!parcel)
        return failure(parcel);
    if (!*parcel)
        return failure(ErrorCode::BUSY, "The running version does not hand over now; try again.");
    auto message = HandoverMessage::decode((*parcel)->message);
    if (message && message->kind != kind)
        return failure(ErrorCode::PROTOCOL, "The running version said something unexpected.");
    descriptors = std::move((*parcel)->descriptors);
    return message;
}

Result<TakenOver> receiveHello(Channel channel, Platform::Deadline deadline)
{
    Descriptors descriptors;
    auto hello = receive(channel, Kind::Hello, descriptors, deadline);
    if (!hello)
        return failure(hello);
    const bool hasState = hello->fields.contains(u"state"_s);
    if (descriptors.size() != (hasState ? 1u : 0u))
        return failure(ErrorCode::PROTOCOL, "The version before announced a state and sent none.");
    TakenOver taken{std::move(channel), std::move(*hello), {}, {}};
    if (hasState)
        taken.state = std::move(descriptors.front());
    return taken;
}

Result<void> receiveBatch(TakenOver &taken, Platform::Deadline deadline)
{
    Descriptors descriptors;
    const auto batch = receive(taken.channel, Kind::Descriptors, descriptors, deadline);
    if (!batch)
        return failure(batch);
    const QCborArray names = batch->fields.value(u"names"_s).toArray();
    if (batch->generation != taken.hello.generation || names.isEmpty()
        || std::size_t(names.size()) != descriptors.size()) {
        return failure(ErrorCode::PROTOCOL,
                       u"The version before named %1 descriptors and sent %2."_s.arg(names.size())
                           .arg(descriptors.size()));
    }
    for (std::size_t i = 0; i < descriptors.size(); ++i)
        taken.descriptors.push_back(
            {toStdString(names[qsizetype(i)].toString()), std::move(descriptors[i])});
    return {};
}

tl::unexpected<Error> wrongCount(std::size_t announced, std::size_t arrived)
{
    return failure(
        ErrorCode::PROTOCOL,
        u"The version before announced %1 descriptors, but %2 arrived."_s.arg(announced).arg(
            arrived));
}

std::size_t announcedCount(const TakenOver &taken)
{
    return std::size_t(taken.hello.fields.value(u"count"_s).toInteger(-1));
}

} // namespace

Result<TakenOver> takeOverFrom(const std::filesystem::path &path, Platform::Deadline deadline)
{
    auto channel = Channel::connect(path);
    if (!channel)
        return failure(channel);
    if (const auto sent = channel->send(HandoverMessage{Kind::TakeOver, 0, {}}.encoded()); !sent)
        return failure(sent);
    auto taken = receiveHello(std::move(*channel), deadline);
    if (!taken)
        return taken;
    while (taken->descriptors.size() < announcedCount(*taken)) {
        if (const auto received = receiveBatch(*taken, deadline); !received)
            return failure(received);
    }
    if (taken->descriptors.size() != announcedCount(*taken))
        return wrongCount(announcedCount(*taken), taken->descriptors.size());
    return taken;
}

Result<TakenOver> takeOverFromParent(Channel channel, std::size_t count,
                                     Platform::Deadline deadline)
{
    const auto peer = channel.peerOf();
    if (!peer || (peer->user != int(::geteuid()) && peer->user != 0))
        return failure(ErrorCode::PROTOCOL,
                       "FRESHEN_HANDOVER names no connection to a version "
                       "before of the same user.");
    auto taken = receiveHello(std::move(channel), deadline);
    if (taken && announcedCount(*taken) != count)
        return wrongCount(announcedCount(*taken), count);
    return taken;
}

} // namespace Freshen
