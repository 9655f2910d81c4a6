// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/commands.h"

#include "lib/common/convert.h"
#include "ui/console/appoption.h"
#include "updater-helper/install/installed.h"
#include "updater-helper/trust/text.h"

#include <QJsonArray>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

Answer damaged(const std::vector<Trust::Difference> &differences)
{
    Answer answer;
    QJsonArray files;
    QStringList lines;
    for (const Trust::Difference &difference : differences) {
        const QString problem = toQString(Trust::problemName(difference.problem));
        const QString path = toQString(Trust::escaped(difference.path));
        files.append(QJsonObject{{u"path"_s, toQString(difference.path)},
                                 {u"problem"_s, problem}});
        lines.append(u"%1: %2"_s.arg(path, problem));
    }
    answer.json = {{u"result"_s, u"damaged"_s}, {u"files"_s, files}};
    answer.text = lines.join(u'\n')
        + u"\nThese files are not as they were published. \"freshen repair\" restores them."_s;
    answer.status = exitStatus(ErrorCode::MANIFEST);
    return answer;
}

Result<Answer> run(const CommandLine &line)
{
    const auto installation = installationOf(line);
    if (!installation)
        return failure(installation);
    const Install::Layout &layout = installation->layout;
    const auto release = Install::installedRelease(layout, installation->knownKeys);
    if (!release)
        return failure(release);
    const auto differences = Install::compareInstalled(layout, release->manifest,
                                                       Trust::UnknownFiles::BelongToTheUser);
    if (!differences)
        return failure(differences);
    if (!differences->empty())
        return damaged(*differences);
    Answer answer;
    answer.json = {{u"result"_s, u"intact"_s}, {u"files"_s, QJsonArray()}};
    answer.text = u"All %1 files and folders of version %2 are as they were published."_s
                      .arg(release->manifest.entries.size())
                      .arg(installation->description.version);
    return answer;
}

} // namespace

Command verifyCommand()
{
    Command command;
    command.name = u"verify"_s;
    command.summary = u"Compares the installed files with the signed manifest."_s;
    command.example = u"verify --app /opt/notes"_s;
    command.options = {appOption()};
    command.required = {u"app"_s};
    command.run = run;
    return command;
}

} // namespace Freshen
