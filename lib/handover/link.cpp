// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/handover/link.h"

#include <utility>

namespace Freshen {

using Platform::Channel;

HandoverLink::HandoverLink(Channel channel, int generation, QObject *parent)
    : QObject(parent)
    , m_channel(std::move(channel))
    , m_generation(generation)
    , m_readable(m_channel.value(), QSocketNotifier::Read)
    , m_writable(m_channel.value(), QSocketNotifier::Write)
{
    m_writable.setEnabled(false);
    connect(&m_readable, &QSocketNotifier::activated, this, &HandoverLink::readAll);
    connect(&m_writable, &QSocketNotifier::activated, this, &HandoverLink::flush);
}

void HandoverLink::send(HandoverMessage::Kind kind, const QCborMap &fields, Descriptors descriptors,
                        const std::function<void()> &sent)
{
    if (!m_isOpen)
        return;
    m_queue.push_back(
        {HandoverMessage{kind, m_generation, fields}.encoded(), std::move(descriptors), sent});
    flush();
}

void HandoverLink::flush()
{
    while (m_isOpen && !m_queue.empty()) {
        std::vector<int> numbers;
        for (const auto &descriptor : m_queue.front().descriptors)
            numbers.push_back(descriptor.value());
        const auto sent = m_channel.trySend(m_queue.front().message, numbers);
        if (!sent) // the end is seen where it is read, after what was said before it
            giveUpQueue();
        if (!sent || !*sent)
            break;
        const auto done = std::move(m_queue.front().sent);
        m_queue.pop_front();
        if (done)
            done();
    }
    m_writable.setEnabled(m_isOpen && !m_queue.empty());
}

void HandoverLink::readAll()
{
    while (m_isOpen && Platform::waitForAny({m_channel.value()}, Platform::Clock::now())) {
        if (!readOne())
            return;
    }
}

bool HandoverLink::readOne()
{
    auto parcel = m_channel.receiveParcel(Platform::Clock::now());
    if (parcel && !*parcel) {
        end();
        return false;
    }
    auto message = parcel ? HandoverMessage::decode((*parcel)->message)
                          : Result<HandoverMessage>(failure(parcel));
    if (message && message->generation != m_generation)
        message = failure(ErrorCode::PROTOCOL, "The other process speaks of another handover.");
    if (message) {
        if (received)
            received(*message, std::move((*parcel)->descriptors));
        return m_isOpen;
    }
    m_isOpen = false;
    m_readable.setEnabled(false);
    if (broken)
        broken(message.error());
    return false;
}

void HandoverLink::shutDown()
{
    m_isOpen = false;
    m_readable.setEnabled(false);
    m_writable.setEnabled(false);
    m_queue.clear();
    m_channel.close();
}

// Nobody is there any more who could do otherwise than what was to be said.
void HandoverLink::giveUpQueue()
{
    const auto queue = std::exchange(m_queue, {});
    for (const Outgoing &outgoing : queue) {
        if (outgoing.sent)
            outgoing.sent();
    }
}

void HandoverLink::end()
{
    giveUpQueue();
    shutDown();
    if (ended)
        ended();
}

} // namespace Freshen
