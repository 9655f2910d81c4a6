// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/supervise/commands.h"

#include "lib/common/convert.h"
#include "lib/supervise/controlserver.h"

#include <QDir>
#include <QFileInfo>

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

QString textOf(const QJsonObject &answer)
{
    QStringList lines;
    for (auto member = answer.begin(); member != answer.end(); ++member) {
        if (member->isString() || member->isDouble())
            lines += u"%1: %2"_s.arg(member.key(), shown(member->toVariant().toString()));
    }
    return lines.join(u'\n');
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
    answer.text = textOf(*said);
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
