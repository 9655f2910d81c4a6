// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// freshen: keeps installed applications fresh without windows. One command per file.

#include "ui/console/commands.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;
using namespace Freshen;

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const Program program{u"freshen"_s,
                          QStringLiteral(FRESHEN_VERSION),
                          u"Checks, updates and repairs installed applications."_s,
                          {checkCommand(), updateCommand(), statusCommand(), verifyCommand(),
                           repairCommand(), rollbackCommand(), recoverCommand(), registerCommand(),
                           unregisterCommand(), replaceCommand(), compareCommand()}};
    return runProgram(program, QCoreApplication::arguments());
}
