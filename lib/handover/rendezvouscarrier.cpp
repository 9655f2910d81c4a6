// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/handover/rendezvouscarrier.h"

#include "lib/common/convert.h"

#include <QCborArray>

#include <fcntl.h>

namespace Freshen {

using namespace Qt::StringLiterals;
using Platform::Channel;

RendezvousCarrier::RendezvousCarrier(int generation, Channel channel, QObject *parent)
    : Carrier(generation, parent)
{
    if (const auto peer = channel.peerOf())
        m_processId = peer->process;
    useLink(std::move(channel));
    m_link->ended = [this] {
        lose({ErrorCode::NOT_READY, "The next version broke off before it was ready."});
    };
}

Result<void> RendezvousCarrier::start(Cargo cargo)
{
    const auto sockets = cargo.sockets;
    sendHello(cargo);
    for (std::size_t begin = 0; begin < sockets.size(); begin += Channel::maximumDescriptors) {
        const std::size_t end = std::min(begin + Channel::maximumDescriptors, sockets.size());
        QCborArray names;
        HandoverLink::Descriptors descriptors;
        for (std::size_t i = begin; i < end; ++i) {
            names.append(toQString(sockets[i].name));
            descriptors.emplace_back(::fcntl(sockets[i].descriptor, F_DUPFD_CLOEXEC, 0));
        }
        m_link->send(HandoverMessage::Kind::Descriptors, {{u"names"_s, names}},
                     std::move(descriptors));
    }
    return {};
}

void RendezvousCarrier::abandon()
{
    m_link->deleteLater();
    m_link->shutDown();
}

} // namespace Freshen
