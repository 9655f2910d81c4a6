// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/supervisorrecord.h"

#include "lib/common/convert.h"
#include "platform/file.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t maximumSize = 64 * 1024;

}

SupervisorRecord::SupervisorRecord(std::filesystem::path file)
    : m_file(std::move(file))
{
    const auto text = Platform::readFile(m_file, maximumSize).value_or(std::string());
    const QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
    for (const QJsonValue &process : json[u"processes"_s].toArray())
        processes += {process[u"id"_s].toInt(), toStdString(process[u"birth"_s].toString())};
    generation = json[u"generation"_s].toInt();
    for (const QJsonValue &time : json[u"crashes"_s].toArray())
        crashes += QDateTime::fromString(time.toString(), Qt::ISODate);
    hasGoneBack = json[u"hasGoneBack"_s].toBool();
    lastUpdate = json[u"lastUpdate"_s].toString();
    attempts = json[u"attempts"_s].toInt();
    installed = json[u"installed"_s].toInt();
    failed = json[u"failed"_s].toInt();
}

Result<void> SupervisorRecord::save() const
{
    QJsonArray times;
    for (const QDateTime &time : crashes)
        times += time.toString(Qt::ISODate);
    QJsonArray running;
    for (const Process &process : processes)
        running += QJsonObject{{u"id"_s, process.id}, {u"birth"_s, toQString(process.birth)}};
    const QJsonObject json{{u"processes"_s, running},
                           {u"generation"_s, generation},
                           {u"crashes"_s, times},
                           {u"hasGoneBack"_s, hasGoneBack},
                           {u"lastUpdate"_s, lastUpdate},
                           {u"attempts"_s, attempts},
                           {u"installed"_s, installed},
                           {u"failed"_s, failed}};
    if (auto made = Platform::makeDirectories(m_file.parent_path(), 0755); !made)
        return made;
    return Platform::writeFileDurably(m_file, QJsonDocument(json).toJson().toStdString(), 0600);
}

} // namespace Freshen
