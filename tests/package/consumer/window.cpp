// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/UpdateAction>
#include <Freshen/UpdateDialogs>
#include <Freshen/Updater>

#include <QApplication>
#include <QMenuBar>
#include <QTextStream>
#include <QTimer>

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    QMenuBar window;
    Freshen::Updater updater;
    Freshen::UpdateDialogs dialogs(&updater, &window);
    window.addAction(new Freshen::UpdateAction(&updater));
    QTextStream(stdout) << (updater.start() ? "enabled " : "disabled ") << updater.currentVersion()
                        << Qt::endl;
    window.show();
    QTimer::singleShot(0, &app, &QApplication::quit);
    return app.exec();
}
