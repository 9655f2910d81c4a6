// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/commands.h"

#include "lib/common/convert.h"
#include "lib/session/updatesession.h"
#include "ui/console/appoption.h"
#include "ui/console/keptfiles.h"
#include "updater-helper/install/accepted.h"

#include <QEventLoop>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

// The helper at work, waited for.
Result<qint64> carryOut(const Install::Order &order, std::shared_ptr<Platform::Descriptor> lock)
{
    HelperRun helper(order, std::move(lock), false);
    Result<qint64> outcome = 0;
    QEventLoop loop;
    QObject::connect(&helper, &HelperRun::armed, &loop, [&] { helper.go(false); });
    QObject::connect(&helper, &HelperRun::finished, &loop, [&](qint64 downtime) {
        outcome = downtime;
        loop.quit();
    });
    QObject::connect(&helper, &HelperRun::failed, &loop, [&](const Error &error) {
        outcome = tl::unexpected<Error>(error);
        loop.quit();
    });
    helper.start();
    loop.exec();
    return outcome;
}

Result<Answer> run(const CommandLine &line)
{
    auto installation = installationOf(line);
    if (!installation)
        return failure(installation);
    auto lock = lockAndRecover(*installation);
    if (!lock)
        return failure(lock);
    installation = installationOf(line);
    if (!installation)
        return failure(installation);
    const auto previous = Install::readRelease(installation->layout,
                                               installation->layout.previous(),
                                               installation->knownKeys);
    if (!previous)
        return failure(ErrorCode::NO_PREVIOUS,
                       u"There is no previous version of %1 to go back to."_s.arg(
                           line.value(u"app"_s)));
    InstallOptions options;
    options.launches = false;
    options.waitSeconds = 0;
    const auto order = makeOrder(*installation, Install::ChangeKind::Rollback,
                                 previous->manifest.version, options);
    const auto downtime = carryOut(order, std::move(*lock));
    if (!downtime)
        return failure(downtime);
    const QString from = installation->description.version;
    const QString to = toQString(previous->manifest.version);
    Answer answer;
    if (!installation->description.rollback)
        answer.warnings += u"The publisher of %1 says that its data may not suit %2."_s.arg(
            shown(from), shown(to));
    answer.text = u"Went back from %1 to %2."_s.arg(shown(from), shown(to));
    answer.json = {{u"result"_s, u"rolled-back"_s},
                   {u"from"_s, from},
                   {u"to"_s, to},
                   {u"downtimeMs"_s, *downtime}};
    tellKeptFiles(answer, *installation);
    return answer;
}

} // namespace

Command rollbackCommand()
{
    Command command;
    command.name = u"rollback"_s;
    command.summary = u"Goes back to the previous version."_s;
    command.example = u"rollback --app /opt/notes"_s;
    command.options = {appOption()};
    command.required = {u"app"_s};
    command.run = run;
    return command;
}

} // namespace Freshen
