// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/commands.h"

#include "lib/common/convert.h"
#include "lib/session/registering.h"
#include "platform/paths.h"
#include "ui/console/appoption.h"

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

QJsonObject toJson(const Install::Registration &registration, const QString &result)
{
    return {{u"result"_s, result},
            {u"id"_s, toQString(registration.id)},
            {u"app"_s, toQString(registration.app)},
            {u"product"_s, toQString(registration.product)}};
}

Result<Answer> runRegister(const CommandLine &line)
{
    const auto installation = installationOf(line);
    if (!installation)
        return failure(installation);
    const auto registration = registerInstall(*installation);
    if (!registration)
        return failure(registration);
    const bool hasService = !Platform::identityOf(Platform::helperSocket()).empty();
    Answer answer;
    answer.json = toJson(*registration, u"registered"_s);
    answer.json.insert(u"prompts"_s, !hasService);
    answer.text = u"Registered %1 as %2: %3."_s.arg(
        toQString(registration->app), toQString(registration->id),
        hasService ? u"its newer releases are installed for any user, without a question"_s
                   : u"an administrator's password is asked for when a user updates it"_s);
    return answer;
}

Result<Answer> runUnregister(const CommandLine &line)
{
    const auto registration = unregisterInstall(toPath(line.value(u"app"_s)));
    if (!registration)
        return failure(registration);
    Answer answer;
    if (!*registration) {
        answer.text = u"%1 was not registered."_s.arg(line.value(u"app"_s));
        answer.json = {{u"result"_s, u"nothing"_s}};
        answer.status = 3;
        return answer;
    }
    answer.json = toJson(**registration, u"unregistered"_s);
    answer.text = u"%1 is not registered any more."_s.arg(toQString((*registration)->app));
    return answer;
}

Command command(const QString &name, const QString &summary,
                Result<Answer> (*run)(const CommandLine &line))
{
    Command command;
    command.name = name;
    command.summary = summary;
    command.example = name + u" --app /opt/notes"_s;
    command.options = {appOption()};
    command.required = {u"app"_s};
    command.run = run;
    return command;
}

} // namespace

Command registerCommand()
{
    return command(u"register"_s,
                   u"As administrator: lets users update an app that they may not write to."_s,
                   runRegister);
}

Command unregisterCommand()
{
    return command(u"unregister"_s, u"As administrator: takes that back."_s, runUnregister);
}

} // namespace Freshen
