// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/commands.h"

#include "lib/common/clock.h"
#include "lib/common/convert.h"
#include "ui/console/appoption.h"
#include "updater-helper/install/accepted.h"
#include "updater-helper/install/history.h"
#include "updater-helper/install/journal.h"

#include <QJsonArray>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

// The version of a tree beside the app; null when there is no such tree.
QJsonValue versionOf(const std::filesystem::path &tree, const Installation &installation)
{
    const auto release = Install::readRelease(installation.layout, tree, installation.knownKeys);
    return release ? QJsonValue(toQString(release->manifest.version))
                   : QJsonValue(QJsonValue::Null);
}

QJsonValue toJson(const std::optional<Install::LastResult> &last)
{
    if (!last)
        return QJsonValue::Null;
    QJsonObject object{{u"result"_s, toQString(last->result)},
                       {u"from"_s, toQString(last->from)},
                       {u"to"_s, toQString(last->to)},
                       {u"at"_s, toQString(last->at)},
                       {u"error"_s, QJsonValue::Null}};
    if (!last->downtimeMs.empty())
        object[u"downtimeMs"_s] = toQString(last->downtimeMs).toLongLong();
    if (!last->kept.empty()) {
        QJsonArray kept;
        for (const std::string &path : last->kept)
            kept.append(toQString(path));
        object[u"kept"_s] = kept;
    }
    if (!last->errorCode.empty())
        object[u"error"_s] = QJsonObject{
            {u"code"_s, toQString(last->errorCode)},
            {u"message"_s, toQString(last->errorMessage)}};
    return object;
}

QJsonValue toJson(const QDateTime &time)
{
    return time.isValid() ? QJsonValue(time.toUTC().toString(Qt::ISODate)) : QJsonValue::Null;
}

QString toText(const QJsonObject &status)
{
    QString text = u"Installed: %1"_s.arg(status[u"installed"_s].toString());
    if (status[u"staged"_s].isString())
        text += u"\nStaged, to be installed: %1"_s.arg(status[u"staged"_s].toString());
    if (status[u"previous"_s].isString())
        text += u"\nPrevious, to go back to: %1"_s.arg(status[u"previous"_s].toString());
    const QDateTime until = QDateTime::fromString(status[u"confirmedUntil"_s].toString(),
                                                  Qt::ISODate);
    if (until.isValid() && until < Clock::current().now())
        text += u"\nCannot confirm since %1 that this is the newest version."_s.arg(
            status[u"confirmedUntil"_s].toString());
    if (status[u"unfinished"_s].toBool())
        text += u"\nA change was interrupted: \"freshen recover\" finishes or undoes it."_s;
    const QJsonObject last = status[u"last"_s].toObject();
    if (!last.isEmpty())
        text += u"\nLast change: %1 to %2 at %3"_s.arg(last[u"result"_s].toString(),
                                                       last[u"to"_s].toString(),
                                                       last[u"at"_s].toString());
    if (last[u"error"_s].isObject())
        text += u"\n  "_s + last[u"error"_s].toObject()[u"message"_s].toString();
    return text;
}

Result<Answer> run(const CommandLine &line)
{
    const auto installation = installationOf(line);
    if (!installation)
        return failure(installation);
    const Install::Layout &layout = installation->layout;
    const auto journal = Install::Journal::read(layout);
    const bool isUnfinished = !journal || journal->has_value();
    const bool isOld = !isUnfinished
        || (journal && (*journal)->place(layout) == Install::Journal::Place::Old);
    Answer answer;
    answer.json = {
        {u"installed"_s, installation->description.version},
        {u"previous"_s, versionOf(layout.previous(), *installation)},
        // After the exchange the old version stands there.
        {u"staged"_s, isOld ? versionOf(layout.staged(), *installation) : QJsonValue::Null},
        {u"unfinished"_s, isUnfinished},
        {u"last"_s, toJson(Install::LastResult::read(layout))},
        {u"confirmedUntil"_s, toJson(installation->confirmedUntil())},
    };
    answer.text = toText(answer.json);
    return answer;
}

} // namespace

Command statusCommand()
{
    Command command;
    command.name = u"status"_s;
    command.summary = u"Tells what is installed, staged and unfinished."_s;
    command.example = u"status --app /opt/notes"_s;
    command.options = {appOption()};
    command.required = {u"app"_s};
    command.run = run;
    return command;
}

} // namespace Freshen
