// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/commands.h"

#include "lib/common/convert.h"
#include "ui/console/appoption.h"
#include "ui/console/consoleupdate.h"
#include "updater-helper/install/installed.h"
#include "updater-helper/trust/text.h"

#include <QDir>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr int maximumSeconds = 86'400;

// The files that are not as they were published; the manifest itself where it is none any more.
Result<QStringList> damagedFiles(const Installation &installation)
{
    const auto release = Install::installedRelease(installation.layout, installation.knownKeys);
    if (!release)
        return QStringList(toQString(Trust::Manifest::fileName));
    const auto differences = Install::compareInstalled(installation.layout, release->manifest,
                                                       Trust::UnknownFiles::BelongToTheUser);
    if (!differences)
        return failure(differences);
    QStringList files;
    for (const Trust::Difference &difference : *differences)
        files += toQString(difference.path);
    return files;
}

Answer intact(const QString &version)
{
    Answer answer;
    answer.json = {{u"result"_s, u"intact"_s}, {u"files"_s, QJsonArray()}};
    answer.text = u"All files of version %1 are as they were published."_s.arg(shown(version));
    answer.status = 3;
    return answer;
}

Result<Answer> run(const CommandLine &line)
{
    InstallOptions options;
    options.launches = false;
    options.workingDirectory = QDir::homePath();
    const auto wait = line.number(u"wait"_s, 0, maximumSeconds);
    if (!wait)
        return failure(wait);
    options.waitSeconds = *wait;
    auto installation = recoveredInstallation(line);
    if (!installation)
        return failure(installation);
    const auto files = damagedFiles(*installation);
    if (!files)
        return failure(files);
    if (files->isEmpty())
        return intact(installation->description.version);
    installation->isRepaired = true;
    ConsoleUpdate repair(*installation, options, line.isSet(u"json"_s));
    if (auto applied = applyFeedOptions(line, repair.request()); !applied)
        return failure(applied);
    repair.request().client.channels.insert(installation->description.channel);
    Answer answer = repair.run();
    if (!answer.error)
        answer.json.insert(u"files"_s, QJsonArray::fromStringList(*files));
    return answer;
}

} // namespace

Command repairCommand()
{
    Command command;
    command.name = u"repair"_s;
    command.summary = u"Restores installed files that are not as they were published."_s;
    command.example = u"repair --app /opt/notes"_s;
    command.options = feedOptions();
    command.options.append({
        appOption(),
        {u"wait"_s, u"Waits so long for the app to be closed (0)."_s, u"SECONDS"_s, u"0"_s},
    });
    command.required = {u"app"_s};
    command.run = run;
    return command;
}

} // namespace Freshen
