// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/commands.h"

#include "lib/feed/versionorder.h"

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

Result<Answer> run(const CommandLine &line)
{
    const QString left = line.arguments().value(0);
    const QString right = line.arguments().value(1);
    const int order = compareVersions(left, right);
    Answer answer;
    answer.text = order < 0 ? u"<"_s : order > 0 ? u">"_s : u"="_s;
    answer.json = {{u"left"_s, left}, {u"order"_s, answer.text}, {u"right"_s, right}};
    return answer;
}

} // namespace

Command compareCommand()
{
    Command command;
    command.name = u"compare"_s;
    command.summary = u"Prints <, = or >: the order of two versions."_s;
    command.example = u"compare 1.9 1.10"_s;
    command.arguments = u"A B"_s;
    command.minimumArguments = 2;
    command.maximumArguments = 2;
    command.run = run;
    return command;
}

} // namespace Freshen
