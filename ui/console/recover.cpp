// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/commands.h"

#include "lib/session/updatesession.h"
#include "ui/console/appoption.h"
#include "updater-helper/install/engine.h"

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

Answer answerFor(Install::Recovery recovery)
{
    switch (recovery) {
    case Install::Recovery::Finished:
        return {u"The interrupted change was finished."_s, {{u"result"_s, u"finished"_s}}};
    case Install::Recovery::Undone:
        return {u"The interrupted change was undone."_s, {{u"result"_s, u"undone"_s}}};
    case Install::Recovery::Nothing:
        break;
    }
    return {u"Nothing was interrupted."_s, {{u"result"_s, u"nothing"_s}}};
}

Result<Answer> run(const CommandLine &line)
{
    const auto installation = installationOf(line);
    if (!installation)
        return failure(installation);
    const auto lock = installation->layout.takeLock();
    if (!lock)
        return failure(lock);
    const auto recovery = Install::recover(installation->layout, installation->keys);
    return recovery ? Result<Answer>(answerFor(*recovery)) : failure(recovery);
}

} // namespace

Command recoverCommand()
{
    Command command;
    command.name = u"recover"_s;
    command.summary = u"Finishes or undoes a change that was interrupted."_s;
    command.example = u"recover --app /opt/notes"_s;
    command.options = {appOption()};
    command.required = {u"app"_s};
    command.run = run;
    return command;
}

} // namespace Freshen
