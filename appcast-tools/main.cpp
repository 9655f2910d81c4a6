// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// freshen-appcast: what a publisher does to a release. One command per file.

#include "appcast-tools/commands.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstdio>

using namespace Qt::StringLiterals;

namespace {

QList<Freshen::Command> allCommands()
{
    return {Freshen::keygenCommand(),  Freshen::publicKeyCommand(), Freshen::signCommand(),
            Freshen::verifyCommand(),  Freshen::packCommand(),      Freshen::generateCommand(),
            Freshen::refreshCommand(), Freshen::lintCommand()};
}

QString overview(const QList<Freshen::Command> &commands)
{
    QString text = u"Usage: freshen-appcast COMMAND [options] ...\n"
                   "Makes keys, packages and signed update feeds.\n\nCommands:\n"_s;
    for (const Freshen::Command &command : commands)
        text += u"  %1  %2\n"_s.arg(command.name, -10).arg(command.summary);
    return text
        + u"\nOptions:\n  --help     Shows this; with a command, its own help.\n"
          "  --version  Shows the version.\n"_s;
}

int refuse(const QString &what)
{
    const QString text = u"freshen-appcast: %1. See freshen-appcast --help.\n"_s.arg(what);
    std::fputs(text.toUtf8().constData(), stderr);
    return Freshen::exitStatus(Freshen::ErrorCode::USAGE);
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const QList<Freshen::Command> commands = allCommands();
    const QString name = arguments.value(1);
    if (name == u"--help"_s || name == u"-h"_s) {
        std::fputs(overview(commands).toUtf8().constData(), stdout);
        return 0;
    }
    if (name == u"--version"_s || name == u"-v"_s) {
        std::puts("freshen-appcast " FRESHEN_VERSION);
        return 0;
    }
    if (name.isEmpty())
        return refuse(u"a command is missing"_s);
    const auto command = std::find_if(commands.begin(), commands.end(), [&](const auto &candidate) {
        return candidate.name == name;
    });
    if (command == commands.end())
        return refuse(u"there is no command \"%1\""_s.arg(Freshen::shown(name)));
    return Freshen::runCommand(*command, arguments);
}
