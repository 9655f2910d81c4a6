// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/widgets_export.h>

#include <QAction>
#include <QPointer>

namespace Freshen {

class Updater;

/*!
 * "Check for Updates…", for the Help menu, a tool bar or the menu of a tray icon.
 *
 * Enabled whenever Updater::canCheckForUpdates() is true, so it greys out while an update is under
 * way and stays grey in an app that cannot be kept fresh (a developer's build). Its role is
 * QAction::ApplicationSpecificRole, with which it moves to the application menu on macOS. Text,
 * icon and role may be changed as with any action.
 *
 * Use it in the updater's thread, which has to be the GUI thread.
 * \since 0.1
 */
class FRESHEN_WIDGETS_EXPORT UpdateAction : public QAction
{
    Q_OBJECT

public:
    /*!
     * An action that calls Updater::checkForUpdates() when it is triggered.
     *
     * \a updater is not owned and may be destroyed first; the action is disabled from then on.
     * \a parent owns the action; without one, whoever made it does (QMenu::addAction() takes no
     * ownership).
     */
    explicit UpdateAction(Updater *updater, QObject *parent = nullptr);
    ~UpdateAction() override;

private:
    void followUpdater();

    QPointer<Updater> m_updater;
};

} // namespace Freshen
