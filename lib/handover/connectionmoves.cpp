// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/handover/connectionmoves.h"

#include "lib/common/convert.h"
#include "lib/handover/connection_p.h"
#include "platform/memoryfile.h"

#include <QCborArray>
#include <QCborValue>
#include <QRandomGenerator>

#include <fcntl.h>

namespace Freshen {

using namespace Qt::StringLiterals;
using Platform::Descriptor;

namespace {

// As many as fit easily into what the system keeps for a process that does not read.
constexpr std::size_t maximumUnderway = 32;

void stay(Connection *connection)
{
    if (!connection)
        return;
    ConnectionPrivate::of(connection).resume();
    Q_EMIT connection->stayed();
}

} // namespace

std::chrono::milliseconds ConnectionMoves::delay(std::chrono::milliseconds spread)
{
    if (spread.count() <= 0)
        return std::chrono::milliseconds(0);
    const qint64 more = QRandomGenerator::global()->bounded(qint64(spread.count()) + 1);
    return spread + std::chrono::milliseconds(more);
}

void ConnectionMoves::setLink(HandoverLink *link)
{
    m_link = link;
    if (link)
        return;
    auto underway = std::move(m_underway);
    auto waiting = std::move(m_waiting);
    m_underway.clear();
    m_waiting.clear();
    for (const auto &[id, move] : underway)
        stay(move.connection);
    for (const Move &move : waiting)
        stay(move.connection);
}

bool ConnectionMoves::move(Connection *connection, const QByteArray &note)
{
    if (!m_link || !ConnectionPrivate::of(connection).suspend())
        return false;
    m_waiting.push_back({connection, note});
    sendNext();
    return true;
}

void ConnectionMoves::sendNext()
{
    while (m_link && !m_waiting.empty() && m_underway.size() < maximumUnderway) {
        const Move move = std::move(m_waiting.front());
        m_waiting.pop_front();
        if (move.connection && !sendOne(move))
            stay(move.connection);
    }
}

bool ConnectionMoves::sendOne(const Move &move)
{
    const auto buffers = ConnectionPrivate::of(move.connection).buffers();
    const QCborArray content = {buffers.unread, buffers.unsent, move.note};
    auto memory = Platform::createMemoryFile(toView(content.toCborValue().toCbor()));
    const int fd = ::fcntl(int(move.connection->descriptor()), F_DUPFD_CLOEXEC, 0);
    if (!memory || fd < 0)
        return false;
    HandoverLink::Descriptors descriptors;
    descriptors.emplace_back(fd);
    descriptors.push_back(std::move(*memory));
    m_underway[++m_lastId] = move;
    m_link->send(HandoverMessage::Kind::Move, {{u"id"_s, m_lastId}}, std::move(descriptors));
    return true;
}

void ConnectionMoves::answered(const QCborMap &fields)
{
    const auto node = m_underway.extract(fields.value(u"id"_s).toInteger(-1));
    if (!node)
        return;
    Connection *const connection = node.mapped().connection;
    if (connection && fields.value(u"ok"_s).toBool())
        ConnectionPrivate::of(connection).forget();
    else
        stay(connection);
    sendNext();
}

Result<ArrivedConnection> arrivedConnection(const HandoverMessage &message,
                                            HandoverLink::Descriptors descriptors)
{
    if (!message.fields.contains(u"id"_s) || descriptors.size() != 2)
        return failure(ErrorCode::PROTOCOL, "A connection came without its descriptors.");
    const auto bytes = Platform::readMemoryFile(descriptors[1]);
    if (!bytes)
        return failure(bytes);
    const QCborArray content = QCborValue::fromCbor(QByteArray::fromStdString(*bytes)).toArray();
    if (content.size() != 3)
        return failure(ErrorCode::PROTOCOL, "A connection came without what belongs to it.");
    auto connection = std::make_unique<Connection>(descriptors[0].release());
    ConnectionPrivate &inner = ConnectionPrivate::of(connection.get());
    if (!inner.suspend())
        return failure(ErrorCode::PROTOCOL, "What came as a connection is none.");
    inner.setBuffers({content[0].toByteArray(), content[1].toByteArray()});
    return ArrivedConnection{std::move(connection), content[2].toByteArray()};
}

} // namespace Freshen
