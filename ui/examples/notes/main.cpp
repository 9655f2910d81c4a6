// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appicon.h"
#include "mainwindow.h"

#include <Freshen/UpdateAction>
#include <Freshen/UpdateDialogs>
#include <Freshen/UpdateSettings>
#include <Freshen/Updater>

#include <QApplication>
#include <QCommandLineParser>
#include <QDialog>
#include <QDialogButtonBox>
#include <QMenu>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace {

QString folderFromCommandLine()
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("main", "Keeps notes as Markdown files in a folder."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption folder(
        u"folder"_s, QCoreApplication::translate("main", "The folder with the notes."), u"DIR"_s);
    parser.addOption(folder);
    parser.process(*QCoreApplication::instance());
    return parser.value(folder);
}

void showPreferences(Freshen::Updater *updater, QWidget *window)
{
    QDialog dialog(window);
    dialog.setWindowTitle(QCoreApplication::translate("main", "Preferences"));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QObject::connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
    auto *layout = new QVBoxLayout(&dialog);
    layout->addWidget(new Freshen::UpdateSettings(updater));
    layout->addWidget(buttons);
    dialog.exec();
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication app(argc, argv);
    QApplication::setOrganizationDomain(u"example.org"_s);
    QApplication::setApplicationName(u"notes"_s);
    QApplication::setApplicationDisplayName(u"Notes"_s);
    QApplication::setApplicationVersion(u"" NOTES_VERSION ""_s);
    QApplication::setWindowIcon(appIcon());

    MainWindow window;
    window.openFolder(folderFromCommandLine());
    window.show();

    QMenu *helpMenu = window.helpMenu();
    Freshen::Updater updater;
    Freshen::UpdateDialogs dialogs(&updater, &window);
    helpMenu->addAction(new Freshen::UpdateAction(&updater, helpMenu));
    QAction *preferences = window.editMenu()->addAction(
        QCoreApplication::translate("main", "&Preferences…"), &window,
        [&] { showPreferences(&updater, &window); });
    preferences->setMenuRole(QAction::PreferencesRole);
    updater.start();

    return QApplication::exec();
}
