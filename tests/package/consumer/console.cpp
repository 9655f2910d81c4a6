// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/Release>
#include <Freshen/UpdateError>
#include <Freshen/Updater>
#include <Freshen/UserDriver>

#include <QCoreApplication>
#include <QTextStream>

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    Freshen::Updater updater;
    QTextStream(stdout) << (updater.start() ? "enabled " : "disabled ") << updater.currentVersion()
                        << Qt::endl;
}
