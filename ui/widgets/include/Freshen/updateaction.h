// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/widgets_export.h>

#include <QAction>
#include <QPointer>

namespace Freshen {

class Updater;

/*!
 * "Check for Updates…", for the Help menu, a tool bar or the menu of a tray icon; "Install Update
 * 2.0…" while an update waits for the app to quit.
 *
 * Enabled whenever Updater::canCheckForUpdates() is true or a question waits for the person, which
 * it then brings to the front; so it greys out while an update is under way. Invisible in an app
 * that is not kept fresh: a developer's build, or one whose administrator turned updates off. Its
 * role is QAction::ApplicationSpecificRole, with which it moves to the application menu on macOS.
 * Text, icon and role may be changed as with any action; a text of your own stays.
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
     * \a updater is not owned and may be destroyed first; the action is invisible from then on.
     * \a parent owns the action; without one, whoever made it does (QMenu::addAction() takes no
     * ownership).
     */
    explicit UpdateAction(Updater *updater, QObject *parent = nullptr);
    ~UpdateAction() override;

private:
    void followUpdater();
    void setOwnText(const QString &text);

    QPointer<Updater> m_updater;
    QString m_ownText; // what it wrote itself last
};

} // namespace Freshen
