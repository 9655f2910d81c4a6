// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/handover/message.h"

#include "lib/common/convert.h"

#include <QCborValue>

#include <array>

namespace Freshen {

namespace {

using namespace Qt::StringLiterals;

constexpr int protocolVersion = 1;
constexpr std::array<QLatin1StringView, 7> kindNames = {
    "hello"_L1, "descriptors"_L1, "takeover"_L1, "ready"_L1, "declined"_L1, "move"_L1, "moved"_L1};

} // namespace

std::string HandoverMessage::encoded() const
{
    QCborMap map = fields;
    map[u"v"_s] = protocolVersion;
    map[u"g"_s] = generation;
    map[u"m"_s] = kindNames[std::size_t(kind)];
    return map.toCborValue().toCbor().toStdString();
}

Result<HandoverMessage> HandoverMessage::decode(const std::string &bytes)
{
    QCborParserError error;
    const QCborValue value = QCborValue::fromCbor(QByteArray::fromStdString(bytes), &error);
    const QCborMap map = value.toMap();
    if (error.error != QCborError::NoError || !map.value(u"v"_s).isInteger())
        return failure(ErrorCode::PROTOCOL,
                       "The other process does not speak the handover's "
                       "protocol.");
    const qint64 version = map.value(u"v"_s).toInteger();
    if (version != protocolVersion)
        return failure(ErrorCode::PROTOCOL,
                       u"The other process speaks version %1 of the handover's protocol, this one "
                       "version %2."_s.arg(version)
                           .arg(protocolVersion));
    const QString name = map.value(u"m"_s).toString();
    const auto found = std::find(kindNames.begin(), kindNames.end(), name);
    if (found == kindNames.end() || !map.value(u"g"_s).isInteger())
        return failure(ErrorCode::PROTOCOL, "The other process sent a message of an unknown kind.");
    return HandoverMessage{Kind(found - kindNames.begin()), int(map.value(u"g"_s).toInteger()),
                           map};
}

} // namespace Freshen
