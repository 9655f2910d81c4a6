// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// freshen-appcast: what a publisher does to a release. One command per file.

#include "appcast-tools/commands.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;
using namespace Freshen;

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const Program program{u"freshen-appcast"_s,
                          QStringLiteral(FRESHEN_VERSION),
                          u"Makes keys, packages and signed update feeds."_s,
                          {keygenCommand(), publicKeyCommand(), signCommand(), verifyCommand(),
                           packCommand(), generateCommand(), refreshCommand(), lintCommand(),
                           bsdiffCommand(), rootInitCommand(), rootAddKeyCommand(),
                           rootRemoveKeyCommand(), rootSignCommand(), rootRotateCommand(),
                           rootShowCommand()}};
    return runProgram(program, QCoreApplication::arguments());
}
