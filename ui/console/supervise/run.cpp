// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/console/supervise/commands.h"

#include "lib/common/convert.h"
#include "platform/signals.h"

#include <Freshen/supervisor.h>

#include <QEventLoop>
#include <QSocketNotifier>

#include <cstdio>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr int maximumSeconds = 86'400;

Result<std::chrono::seconds> seconds(const CommandLine &line, const QString &option, int smallest)
{
    const auto number = line.number(option, smallest, maximumSeconds);
    return number ? Result<std::chrono::seconds>(*number) : failure(number);
}

Result<SupervisorOptions::OnUpdate> onUpdate(const CommandLine &line)
{
    using OnUpdate = SupervisorOptions::OnUpdate;
    const QString text = line.value(u"on-update"_s);
    if (text == u"restart"_s)
        return OnUpdate::Restart;
    if (text == u"handover"_s)
        return OnUpdate::HandOver;
    if (text == u"wait"_s)
        return OnUpdate::Wait;
    return failure(ErrorCode::USAGE,
                   u"--on-update is restart, handover or wait, not \"%1\"."_s.arg(shown(text)));
}

Result<SupervisorOptions> optionsOf(const CommandLine &line)
{
    const auto interval = seconds(line, u"interval"_s, 1);
    const auto drain = seconds(line, u"drain"_s, 0);
    const auto ready = seconds(line, u"ready-timeout"_s, 1);
    for (const auto &number : {interval, drain, ready}) {
        if (!number)
            return failure(number);
    }
    const auto update = onUpdate(line);
    if (!update)
        return failure(update);
    if (line.isSet(u"keep-alive"_s) && line.isSet(u"pass-exit"_s))
        return failure(ErrorCode::USAGE, "--keep-alive and --pass-exit exclude each other.");
    SupervisorOptions options;
    options.app = line.value(u"app"_s);
    options.program = line.value(u"program"_s);
    options.command = line.arguments();
    options.sockets = line.values(u"listen"_s);
    options.source = line.value(u"source"_s);
    options.publicKeys = line.values(u"public-key"_s);
    options.allowsUnsigned = line.isSet(u"allow-unsigned"_s);
    options.interval = *interval;
    options.hasSelfTest = line.isSet(u"self-test"_s);
    options.onUpdate = *update;
    if (line.isSet(u"keep-alive"_s))
        options.onExit = SupervisorOptions::OnExit::KeepAlive;
    options.drainTime = *drain;
    options.readyTime = *ready;
    options.ready = line.value(u"ready"_s);
    options.controlPath = line.value(u"control"_s);
    return options;
}

Result<Answer> run(const CommandLine &line)
{
    const auto options = optionsOf(line);
    if (!options)
        return failure(options);
    // Before any thread is there: all of them have to leave the signals alone.
    auto signalListener = Platform::SignalListener::create();
    if (!signalListener)
        return failure(signalListener);
    Supervisor supervisor(*options);
    QEventLoop loop;
    Answer answer;
    QObject::connect(&supervisor, &Supervisor::logged, &loop, [](const QString &sentence) {
        std::fputs((u"freshen-supervise: "_s + shown(sentence) + u'\n').toUtf8().constData(),
                   stderr);
    });
    QObject::connect(&supervisor, &Supervisor::finished, &loop, [&](int code) {
        answer.status = code;
        loop.quit();
    });
    QSocketNotifier notifier(signalListener->value(), QSocketNotifier::Read);
    QObject::connect(&notifier, &QSocketNotifier::activated, &loop, [&] {
        while (const auto wish = signalListener->next())
            *wish == Platform::Wish::Leave ? supervisor.stop() : supervisor.restart();
    });
    if (const UpdateError error = supervisor.start(); error.isError())
        return failure(errorCodeFromName(toStdString(error.code())), error.message());
    loop.exec();
    answer.json = {{u"result"_s, u"ended"_s}, {u"exitCode"_s, answer.status}};
    return answer;
}

} // namespace

Command superviseCommand()
{
    Command command;
    command.name = u"run"_s;
    command.summary = u"Runs a program, keeps its sockets, and keeps it fresh."_s;
    command.example = u"--program /srv/agent --listen http=tcp:127.0.0.1:8080 "
                      "--source https://example.org/agent --public-key agent.pub -- "
                      "/srv/agent --verbose"_s;
    command.arguments = u"PROGRAM ARGUMENTS..."_s;
    command.maximumArguments = 10'000;
    command.options = {
        {u"app"_s, u"The folder of an installed app, to run and update."_s, u"DIR"_s},
        {u"program"_s, u"A single file, to run and update."_s, u"FILE"_s},
        {u"listen"_s, u"A socket to keep: NAME=tcp:HOST:PORT, NAME=udp:HOST:PORT, NAME=unix:PATH; "
                      "may be repeated."_s, u"SOCKET"_s},
        {u"source"_s, u"Where new builds are: appcast:URL, http:URL, file:PATH, "
                      "github:OWNER/REPO[@API_URL], s3:URL."_s, u"SOURCE"_s},
        {u"public-key"_s, u"A key to trust, as text or file; may be repeated."_s, u"K"_s},
        {u"interval"_s, u"Seconds between two looks at the source (300)."_s, u"SECONDS"_s,
         u"300"_s},
        {u"self-test"_s, u"A new build first has to answer --freshen-selftest TOKEN."_s},
        {u"on-update"_s, u"restart (the default), handover or wait."_s, u"HOW"_s, u"restart"_s},
        {u"keep-alive"_s, u"Starts the program again when it ends."_s},
        {u"pass-exit"_s, u"Ends when the program ends, with its exit code (the default)."_s},
        {u"drain"_s, u"How long the program has to leave (30)."_s, u"SECONDS"_s, u"30"_s},
        {u"ready"_s, u"How it shows that it works: signal (READY=1) or alive:SECONDS."_s,
         u"HOW"_s},
        {u"ready-timeout"_s, u"How long a new build has to say READY=1 (60)."_s, u"SECONDS"_s,
         u"60"_s},
        {u"allow-unsigned"_s, u"Installs even what carries no signature."_s},
        {u"control"_s, u"Where ctl reaches it; by default in the user's runtime folder."_s,
         u"PATH"_s},
    };
    command.run = run;
    return command;
}

} // namespace Freshen
