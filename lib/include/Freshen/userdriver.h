// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/core_export.h>
#include <Freshen/release.h>
#include <Freshen/updateerror.h>

#include <functional>

namespace Freshen {

/*!
 * Everything that an Updater asks or tells a person.
 *
 * The updater asks, the driver answers by calling the reply once, at any later time, in the same
 * thread. Dialogs, a terminal, a page of your own and a test are all drivers. All functions are
 * called in the updater's thread; a driver must outlive its updater, or be taken away with
 * Updater::setUserDriver(nullptr) first.
 * \since 0.1
 */
class FRESHEN_CORE_EXPORT UserDriver
{
public:
    //! The answer to "there is a new version".
    enum class Choice {
        Install, //!< Download it now.
        Later, //!< Ask again at the next check.
        Skip, //!< Never ask again for this version.
    };
    //! The answer to "it is ready".
    enum class InstallTime {
        Now, //!< Quit and install.
        OnQuit, //!< Install when the person quits the app.
        OnNextStart, //!< Install when the app is started the next time.
    };
    //! What takes time.
    enum class Phase {
        Checking, //!< Reading the feed.
        Downloading, //!< Counted in bytes.
        Preparing, //!< Unpacking and verifying beside the app, counted in bytes.
        Installing, //!< The helper verifies and waits for the app to quit.
    };
    //! What the person allows.
    struct Permission {
        bool automaticallyChecks = false;
        bool automaticallyDownloads = false;
    };

    //! What a proxy wants to know before it lets anything through.
    struct ProxyLogin {
        QString user; //!< Empty: the person gave up.
        QString password;
    };

    virtual ~UserDriver();

    //! Asks, on the second start of the app, whether it may look for updates by itself.
    virtual void askPermission(std::function<void(Permission)> reply) = 0;

    //! Offers a release. \a userInitiated: the person asked for a check just now, so the answer
    //! may come to the front; otherwise it must not steal the focus.
    virtual void showUpdateFound(const Release &release, bool userInitiated,
                                 std::function<void(Choice)> reply) = 0;
    //! The notes of the release that is being shown where they had to be fetched: its own, and
    //! those of the versions between it and the installed one.
    virtual void showReleaseNotes(const QString &notes, Release::NotesFormat format) = 0;
    //! The notes could not be fetched; the offer stands.
    virtual void showReleaseNotesFailed(const UpdateError &error) = 0;

    //! Progress of a phase; a \a total of 0 means unknown. Called at most about 20 times a second.
    //! The person may stop every phase: Updater::cancel().
    virtual void showProgress(Phase phase, qint64 done, qint64 total) = 0;

    //! The download was interrupted by \a cause and goes on by itself in about so many seconds.
    //! The next showProgress() tells that it did. By default nothing is shown.
    virtual void showInterrupted(const UpdateError &cause, int secondsToNextTry);

    //! The network's proxy ("proxy.example.org:3128") wants a name and a password. Asked in the
    //! middle of a conversation in which the person waits, again where what was given is wrong; the
    //! answer is kept in memory for as long as the updater exists. By default the person gives up,
    //! and the conversation ends with the error PROXY_AUTH. Not asked where the application gave a
    //! network manager of its own.
    virtual void askProxyLogin(const QString &proxy, std::function<void(ProxyLogin)> reply);

    //! The release is staged and verified: when is it to be installed? Asked again, by itself,
    //! when it has been waiting for the app to quit for a week.
    virtual void showReadyToInstall(const Release &release,
                                    std::function<void(InstallTime)> reply) = 0;
    //! The helper stands ready: close the windows and quit. When the person refuses (unsaved
    //! work), do nothing more: the update is installed when the app quits.
    virtual void quitApplication() = 0;

    //! A check found nothing newer. \a sentence says why. Only for checks that a person asked for.
    virtual void showNoUpdate(const QString &sentence) = 0;
    //! Something failed; nothing was changed. Only for checks that a person asked for, and for
    //! failures after a person chose to install.
    virtual void showError(const UpdateError &error) = 0;
    //! Told once at the first start after an update: \a release is what runs now, with its notes
    //! where nobody could read them before.
    virtual void showUpdated(const QString &from, const Release &release) = 0;

    //! The conversation is over: close what is still open. Results stay until the person closes
    //! them.
    virtual void dismiss() = 0;
    //! The person asked for a check while a conversation is open: bring it to the front.
    virtual void requestAttention() = 0;
};

} // namespace Freshen
