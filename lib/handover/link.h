// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// One end of the connection between two versions, served by the event loop.

#pragma once

#include "lib/handover/message.h"

#include <QObject>
#include <QSocketNotifier>

#include <deque>
#include <functional>

namespace Freshen {

class HandoverLink : public QObject
{
    Q_OBJECT

public:
    using Descriptors = std::vector<Platform::Descriptor>;

    HandoverLink(Platform::Channel channel, int generation, QObject *parent);

    // Never blocks: what the other end cannot take now is sent later. `sent` is called then, or
    // once the other process is gone.
    void send(HandoverMessage::Kind kind, const QCborMap &fields = {}, Descriptors descriptors = {},
              const std::function<void()> &sent = {});
    // Reads what has come; also called before the other process counts as gone.
    void readAll();
    // Closes this end at once; the other process sees it. Nothing is called any more.
    void shutDown();
    bool isOpen() const { return m_isOpen; }
    const Platform::Channel &channel() const { return m_channel; }
    void setGeneration(int generation) { m_generation = generation; }

    // Set before the event loop runs again.
    std::function<void(const HandoverMessage &message, Descriptors descriptors)> received;
    // Something that is no message of this handover came; nothing more is read.
    std::function<void(const Error &error)> broken;
    // The other process closed its end, or is gone.
    std::function<void()> ended;

private:
    struct Outgoing {
        std::string message;
        Descriptors descriptors;
        std::function<void()> sent;
    };

    void flush();
    void giveUpQueue();
    void end();
    bool readOne();

    Platform::Channel m_channel;
    int m_generation = 0;
    bool m_isOpen = true;
    QSocketNotifier m_readable;
    QSocketNotifier m_writable;
    std::deque<Outgoing> m_queue;
};

} // namespace Freshen
