// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// freshen-supervise: a parent that stays, and "ctl", which talks to it.

#include "ui/console/supervise/commands.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;
using namespace Freshen;

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const Program program{u"freshen-supervise"_s,
                          QStringLiteral(FRESHEN_VERSION),
                          u"Keeps a program running, and fresh. Without a command, it runs."_s,
                          {superviseCommand(), ctlCommand()}};
    QStringList arguments = QCoreApplication::arguments();
    const QString first = arguments.value(1);
    const bool isCommand = first == u"ctl"_s || first == u"run"_s;
    if (!isCommand && arguments.size() > 1 && first != u"--version"_s && first != u"--help"_s)
        arguments.insert(1, u"run"_s);
    return runProgram(program, arguments);
}
