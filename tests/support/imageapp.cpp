// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// An application inside an AppImage that updates itself without a question: it looks for an update,
// downloads it and quits, whereupon it is installed. With "--stay" it runs until it is ended.

#include <Freshen/Updater>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QSettings>
#include <QTimer>

#include <cstdio>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

QByteArray ownVersion()
{
    QFile file(QCoreApplication::applicationDirPath() + u"/../../version"_s);
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
}

// Tells why nothing was found.
int look(Updater &updater)
{
    QObject::connect(&updater, &Updater::installPrepared, qApp, &QCoreApplication::quit);
    QObject::connect(&updater, &Updater::checkFinished, qApp, [&updater](bool found) {
        std::puts(found ? "found" : qPrintable(updater.noUpdateReason()));
        if (!found)
            QCoreApplication::exit(3);
    });
    updater.checkForUpdatesInBackground();
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QString word = application.arguments().value(1);
    if (word == u"--version") {
        std::puts(ownVersion().constData());
        return 0;
    }
    QSettings settings(QDir::homePath() + u"/imageapp.ini"_s, QSettings::IniFormat);
    settings.setValue(u"Freshen/AutomaticallyChecks"_s, false);
    settings.setValue(u"Freshen/AutomaticallyDownloads"_s, true);
    Updater updater;
    updater.setSettings(&settings);
    if (!updater.start())
        return 1;
    return word == u"--stay" ? QCoreApplication::exec() : look(updater);
}
