// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/commands.h"

#include "lib/common/convert.h"
#include "ui/console/appoption.h"
#include "ui/console/consoleupdate.h"

#include <QDir>
#include <QRegularExpression>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr int maximumSeconds = 86'400;

Result<InstallOptions> installOptions(const CommandLine &line)
{
    InstallOptions options;
    options.launches = line.isSet(u"launch"_s);
    options.waitSeconds = 0;
    options.workingDirectory = QDir::homePath();
    if (line.isSet(u"wait"_s)) {
        const auto seconds = line.number(u"wait"_s, 0, maximumSeconds);
        if (!seconds)
            return failure(seconds);
        options.waitSeconds = *seconds;
    }
    if (line.isSet(u"ready-timeout"_s)) {
        const auto seconds = line.number(u"ready-timeout"_s, 1, maximumSeconds);
        if (!seconds)
            return failure(seconds);
        options.readySeconds = *seconds;
    }
    return options;
}

// "500K" and "2M", as other programs that fetch have it; 0: no limit.
Result<qint64> maximumRate(const CommandLine &line)
{
    if (!line.isSet(u"limit-rate"_s))
        return 0;
    static const QRegularExpression form(u"^([1-9][0-9]{0,9})([KM]?)$"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    const auto match = form.match(line.value(u"limit-rate"_s));
    if (!match.hasMatch())
        return failure(ErrorCode::USAGE, u"--limit-rate takes bytes a second, such as 500K or 2M, "
                                         "not \"%1\"."_s.arg(shown(line.value(u"limit-rate"_s))));
    const QString unit = match.captured(2).toUpper();
    const int shift = unit == u"M"_s ? 20 : unit == u"K"_s ? 10 : 0;
    return match.captured(1).toLongLong() << shift;
}

Result<Answer> run(const CommandLine &line)
{
    const auto options = installOptions(line);
    if (!options)
        return failure(options);
    const auto patience = line.number(u"patience"_s, 0, maximumSeconds);
    if (!patience)
        return failure(patience);
    const auto rate = maximumRate(line);
    if (!rate)
        return failure(rate);
    const auto installation = recoveredInstallation(line);
    if (!installation)
        return failure(installation);
    ConsoleUpdate update(*installation, *options, line.isSet(u"json"_s));
    update.setPatience(std::chrono::seconds(*patience));
    update.setMaximumRate(*rate);
    if (auto applied = applyFeedOptions(line, update.request()); !applied)
        return failure(applied);
    if (line.isSet(u"retry"_s))
        update.request().client.failedVersions.clear();
    return update.run();
}

} // namespace

Command updateCommand()
{
    Command command;
    command.name = u"update"_s;
    command.summary = u"Checks, fetches, verifies and installs the newest release."_s;
    command.example = u"update --app /opt/notes --wait 60 --launch"_s;
    command.options = feedOptions();
    command.options.append({
        appOption(),
        {u"wait"_s, u"Waits so long for the app to be closed."_s, u"SECONDS"_s},
        {u"launch"_s, u"Starts the new version; without its \"ready\" the old one returns."_s},
        {u"ready-timeout"_s, u"How long the new version has for that (60)."_s, u"SECONDS"_s},
        {u"patience"_s,
         u"How long it keeps trying while nothing of a file arrives (%1)."_s.arg(
             Stager::usualPatience.count()),
         u"SECONDS"_s, QString::number(Stager::usualPatience.count())},
        {u"limit-rate"_s, u"Fetches no more than so many a second: 500K, 2M."_s, u"BYTES"_s},
        {u"full"_s, u"Fetches the full package, never a delta."_s},
        {u"retry"_s, u"Installs even a release that failed before."_s},
    });
    command.required = {u"app"_s};
    command.run = run;
    return command;
}

} // namespace Freshen
