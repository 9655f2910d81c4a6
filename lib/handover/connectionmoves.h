// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Live connections on their way from one version to the next. Each is answered: what the next
// version does not take goes on here.

#pragma once

#include "lib/handover/link.h"

#include <Freshen/connection.h>

#include <QPointer>

#include <chrono>
#include <map>

namespace Freshen {

class ConnectionMoves : public QObject
{
    Q_OBJECT

public:
    explicit ConnectionMoves(QObject *parent = nullptr)
        : QObject(parent)
    {
    }

    // When one of many is moved: at a random moment between that time and twice that time.
    static std::chrono::milliseconds delay(std::chrono::milliseconds spread);

    // Where to; null when the next version is gone: then all that was not answered stays.
    void setLink(HandoverLink *link);
    // From now on the connection does nothing, until it is answered.
    bool move(Connection *connection, const QByteArray &note);
    // What the next version answered.
    void answered(const QCborMap &fields);

private:
    struct Move {
        QPointer<Connection> connection;
        QByteArray note;
    };

    void sendNext();
    bool sendOne(const Move &move);

    QPointer<HandoverLink> m_link;
    qint64 m_lastId = 0;
    std::deque<Move> m_waiting;
    std::map<qint64, Move> m_underway;
};

// The other side: makes the connection that a message brings, suspended until it was answered.
struct ArrivedConnection {
    std::unique_ptr<Connection> connection;
    QByteArray note;
};
Result<ArrivedConnection> arrivedConnection(const HandoverMessage &message,
                                            HandoverLink::Descriptors descriptors);

} // namespace Freshen
