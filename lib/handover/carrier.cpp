// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/handover/carrier.h"

namespace Freshen {

using namespace Qt::StringLiterals;

Carrier::Carrier(int generation, QObject *parent)
    : QObject(parent)
    , m_generation(generation)
{
}

void Carrier::useLink(Platform::Channel channel)
{
    m_link = new HandoverLink(std::move(channel), m_generation, this);
    m_link->received = [this](const HandoverMessage &message, auto) { receive(message); };
    m_link->broken = [this](const Error &error) { lose(error); };
}

void Carrier::sendHello(Cargo &cargo)
{
    HandoverLink::Descriptors descriptors;
    QCborMap fields = {{u"count"_s, qint64(cargo.sockets.size())}, {u"files"_s, cargo.files}};
    if (cargo.state.isOpen()) {
        fields[u"state"_s] = cargo.stateVersion;
        descriptors.push_back(std::move(cargo.state));
    }
    m_link->send(HandoverMessage::Kind::Hello, fields, std::move(descriptors));
}

void Carrier::receive(const HandoverMessage &message)
{
    switch (message.kind) {
    case HandoverMessage::Kind::Ready:
        becomeReady();
        break;
    case HandoverMessage::Kind::Declined:
        if (declined)
            declined(message.fields.value(u"reason"_s).toString());
        break;
    case HandoverMessage::Kind::Moved:
        if (moved)
            moved(message.fields);
        break;
    default:
        lose({ErrorCode::PROTOCOL, "The next version sent what only the version before may say."});
    }
}

void Carrier::becomeReady()
{
    if (m_isReady || m_isLost)
        return;
    m_isReady = true;
    if (ready)
        ready();
}

void Carrier::lose(const Error &error)
{
    if (m_isLost)
        return;
    m_isLost = true;
    if (lost)
        lost(error);
}

} // namespace Freshen
