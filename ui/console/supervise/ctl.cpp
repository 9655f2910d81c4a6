// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/supervise/commands.h"

#include "lib/common/convert.h"
#include "lib/supervise/controlserver.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

const QStringList &verbs()
{
    static const QStringList verbs{u"status"_s, u"check"_s,    u"restart"_s,
                                   u"update"_s, u"rollback"_s, u"stop"_s};
    return verbs;
}

// The only one that runs for this user, where nobody says which.
Result<QString> controlPath(const CommandLine &line)
{
    if (line.isSet(u"control"_s))
        return QFileInfo(line.value(u"control"_s)).absoluteFilePath();
    const QDir folder = QFileInfo(ControlServer::defaultPath(u"x"_s)).dir();
    const QStringList found = folder.entryList({u"*.sock"_s}, QDir::System | QDir::Files);
    if (found.size() == 1)
        return folder.absoluteFilePath(found.first());
    return failure(found.isEmpty() ? ErrorCode::NO_SUPERVISOR : ErrorCode::USAGE,
                   found.isEmpty()
                       ? u"No supervisor runs for you in %1. Name its --control path."_s.arg(
                             folder.path())
                       : u"Several supervisors run (%1). Name one with --control, in %2."_s.arg(
                             found.join(u", "_s), folder.path()));
}

QString statusText(const QJsonObject &status)
{
    const auto text = [&](const QString &member) {
        return shown(status[member].toVariant().toString());
    };
    QStringList lines{u"State: %1, generation %2, process %3"_s.arg(
        text(u"state"_s), text(u"generation"_s), text(u"process"_s))};
    lines += u"Program: "_s + text(u"program"_s);
    if (!text(u"version"_s).isEmpty())
        lines += u"Version: "_s + text(u"version"_s);
    if (!text(u"previous"_s).isEmpty())
        lines += u"Before: "_s + text(u"previous"_s);
    if (!text(u"staged"_s).isEmpty())
        lines += u"Waits for the next start: "_s + text(u"staged"_s);
    for (const QJsonValue &socket : status[u"sockets"_s].toArray())
        lines += u"Socket: %1 at %2"_s.arg(shown(socket[u"name"_s].toString()),
                                           shown(socket[u"address"_s].toString()));
    if (!text(u"source"_s).isEmpty())
        lines += u"Source: %1, asked last at %2"_s.arg(text(u"source"_s), text(u"lastLook"_s));
    lines += u"Updates: %1 installed, %2 failed"_s.arg(text(u"updates"_s), text(u"failures"_s));
    const QJsonObject error = status[u"lastError"_s].toObject();
    if (!error.isEmpty())
        lines += u"Last error: "_s + shown(error[u"message"_s].toString());
    return lines.join(u'\n');
}

QString textOf(const QString &verb, const QJsonObject &answer)
{
    if (verb == u"status"_s)
        return statusText(answer);
    const QString result = answer[u"result"_s].toString();
    const QString to = shown(answer[u"to"_s].toString());
    if (result == u"none"_s)
        return u"There is nothing new."_s;
    if (result == u"updated"_s)
        return to.isEmpty() ? u"Updated."_s : u"Updated to %1."_s.arg(to);
    if (result == u"rolled-back"_s)
        return to.isEmpty() ? u"Went back."_s : u"Went back to %1."_s.arg(to);
    if (result == u"waiting"_s)
        return u"Version %1 waits for the next start."_s.arg(to);
    if (result == u"restarted"_s)
        return u"Restarted: generation %1."_s.arg(answer[u"generation"_s].toInt());
    return u"The program is asked to leave, then the supervisor ends."_s;
}

Result<Answer> run(const CommandLine &line)
{
    const QString verb = line.arguments().constFirst();
    if (!verbs().contains(verb))
        return failure(ErrorCode::USAGE, u"ctl knows %1, not \"%2\"."_s.arg(
                                             verbs().join(u", "_s), shown(verb)));
    const auto path = controlPath(line);
    if (!path)
        return failure(path);
    const auto said = ControlServer::ask(*path, verb);
    if (!said)
        return failure(said);
    Answer answer;
    answer.json = *said;
    answer.text = textOf(verb, *said);
    const bool isNothing = (*said)[u"result"_s] == u"none"_s;
    answer.status = isNothing ? 3 : 0;
    return answer;
}

} // namespace

Command ctlCommand()
{
    Command command;
    command.name = u"ctl"_s;
    command.summary = u"Asks a running supervisor: %1."_s.arg(verbs().join(u", "_s));
    command.example = u"ctl --control /run/agent.sock update"_s;
    command.arguments = u"VERB"_s;
    command.minimumArguments = 1;
    command.maximumArguments = 1;
    command.options = {{u"control"_s,
                        u"Where it listens; by default the only one of this user."_s, u"PATH"_s}};
    command.run = run;
    return command;
}

} // namespace Freshen
