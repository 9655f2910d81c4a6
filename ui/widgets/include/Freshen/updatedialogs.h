// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/userdriver.h>
#include <Freshen/widgets_export.h>

#include <QObject>

#include <memory>

class QWidget;

namespace Freshen {

class UpdateDialogsPrivate;
class Updater;

/*!
 * Holds the whole conversation of an update in one window: may it look for updates, what is new,
 * how far it is, restart now or later, and what came of it.
 *
 * The window does not block the app. It comes to the front when the person asked for a check. What
 * nobody asked for shows up without taking the keyboard, and only at an opportune time: within 3
 * seconds of the dialogs' creation, when the person returns to the app, or has not touched it for
 * 5 minutes. Until then the question stays open in the updater; a check by the person shows it at
 * once. When the person quits the app instead of saying when to install an update that is ready, it
 * is installed then; when the computer shuts down, at the app's next start. Everything that comes
 * from a feed is shown as text; release notes are shown without scripts and without opening
 * any file or address, pictures inside the notes ("data:") excepted. Links open in the person's
 * browser, and only http and https ones.
 *
 * The window carries QGuiApplication::applicationDisplayName(), which an app should set, and the
 * icon of the app's window or QApplication::windowIcon().
 *
 * \code
 * Freshen::Updater updater;
 * Freshen::UpdateDialogs dialogs(&updater, &mainWindow);
 * updater.start();
 * \endcode
 *
 * Create and use it in the GUI thread, which is also the updater's.
 * \since 0.1
 */
class FRESHEN_WIDGETS_EXPORT UpdateDialogs : public QObject, public UserDriver
{
    Q_OBJECT

public:
    /*!
     * Becomes the user driver of \a updater until it is destroyed.
     *
     * \a updater is not owned; either of the two may be destroyed first. With \a window, which is
     * not owned either, the dialogs are windows of that window: they stay above it and never keep
     * the app running. Without one they stand alone.
     *
     * A question that is still open when the dialogs are destroyed stays unanswered.
     */
    explicit UpdateDialogs(Updater *updater, QWidget *window = nullptr);
    ~UpdateDialogs() override;

    /*!
     * Whether what a scheduled check found is shown by itself, which it is by default.
     *
     * An app that would rather tell of it in its own way, say with a badge, turns that off before
     * the updater starts. It then follows Updater::stateChanged(), shows
     * Updater::availableRelease() while the state is UpdateFound or ReadyToInstall, and calls
     * Updater::checkForUpdates() to open the window. So does an app that is never active, such as
     * one that lives in the tray.
     */
    void setShowsScheduledUpdates(bool shows);

    // What the updater calls; see UserDriver.
    void askPermission(std::function<void(Permission)> reply) override;
    void showUpdateFound(const Release &release, bool userInitiated,
                         std::function<void(Choice)> reply) override;
    void showReleaseNotes(const QString &notes, Release::NotesFormat format) override;
    void showReleaseNotesFailed(const UpdateError &error) override;
    void showProgress(Phase phase, qint64 done, qint64 total) override;
    void showInterrupted(const UpdateError &cause, int secondsToNextTry) override;
    void askProxyLogin(const QString &proxy, std::function<void(ProxyLogin)> reply) override;
    void showReadyToInstall(const Release &release,
                            std::function<void(InstallTime)> reply) override;
    //! Asks all windows of the app to close, once control is back in the event loop, and quits the
    //! app when they did.
    void quitApplication() override;
    void showNoUpdate(const QString &sentence) override;
    void showError(const UpdateError &error) override;
    void showUpdated(const QString &from, const Release &release) override;
    void dismiss() override;
    void requestAttention() override;

private:
    std::unique_ptr<UpdateDialogsPrivate> d;
};

} // namespace Freshen
