// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/core_export.h>
#include <Freshen/release.h>
#include <Freshen/updateerror.h>

#include <QDateTime>
#include <QObject>
#include <QStringList>

#include <functional>
#include <memory>

class QNetworkAccessManager;
class QSettings;

namespace Freshen {

class SettingsStore;
class UpdaterDelegate;
class UpdaterPrivate;
class UserDriver;

/*!
 * Keeps one application fresh: checks its feed, asks through a UserDriver, downloads, verifies,
 * stages beside the app and lets the helper install it once the app has quit.
 *
 * Create it in the thread that runs the event loop and use it there alone; all slow work happens
 * elsewhere. One conversation at a time.
 * \since 0.1
 */
class FRESHEN_CORE_EXPORT Updater : public QObject
{
    Q_OBJECT
    Q_PROPERTY(State state READ state NOTIFY stateChanged)
    Q_PROPERTY(bool isEnabled READ isEnabled NOTIFY enabledChanged)
    Q_PROPERTY(bool canCheckForUpdates READ canCheckForUpdates NOTIFY stateChanged)
    Q_PROPERTY(QString currentVersion READ currentVersion NOTIFY enabledChanged)
    Q_PROPERTY(Freshen::Release availableRelease READ availableRelease NOTIFY
                   availableReleaseChanged)
    Q_PROPERTY(qint64 bytesDone READ bytesDone NOTIFY progressChanged)
    Q_PROPERTY(qint64 bytesTotal READ bytesTotal NOTIFY progressChanged)
    Q_PROPERTY(qint64 bytesPerSecond READ bytesPerSecond NOTIFY progressChanged)
    Q_PROPERTY(qint64 secondsLeft READ secondsLeft NOTIFY progressChanged)
    Q_PROPERTY(bool isDownloadPaused READ isDownloadPaused WRITE setDownloadPaused NOTIFY
                   downloadPausedChanged)
    Q_PROPERTY(bool automaticallyChecks READ automaticallyChecks WRITE setAutomaticallyChecks
                   NOTIFY settingsChanged)
    Q_PROPERTY(bool automaticallyDownloads READ automaticallyDownloads WRITE
                   setAutomaticallyDownloads NOTIFY settingsChanged)
    Q_PROPERTY(int checkInterval READ checkInterval WRITE setCheckInterval NOTIFY settingsChanged)
    Q_PROPERTY(QStringList channels READ channels WRITE setChannels NOTIFY settingsChanged)
    Q_PROPERTY(bool avoidsBattery READ avoidsBattery WRITE setAvoidsBattery NOTIFY settingsChanged)
    Q_PROPERTY(bool avoidsMeteredNetworks READ avoidsMeteredNetworks WRITE
                   setAvoidsMeteredNetworks NOTIFY settingsChanged)
    Q_PROPERTY(qint64 maximumDownloadRate READ maximumDownloadRate WRITE setMaximumDownloadRate
                   NOTIFY settingsChanged)
    Q_PROPERTY(QStringList lockedSettings READ lockedSettings NOTIFY enabledChanged)
    Q_PROPERTY(QDateTime lastCheckTime READ lastCheckTime NOTIFY settingsChanged)
    Q_PROPERTY(QDateTime confirmedUntil READ confirmedUntil NOTIFY settingsChanged)
    Q_PROPERTY(QString noUpdateReason READ noUpdateReason NOTIFY availableReleaseChanged)

public:
    //! Where the conversation stands.
    enum class State {
        Idle, //!< Nothing happens; a check may be started.
        AskingPermission, //!< Waits for the person.
        Checking, //!< Reads the feed.
        UpdateFound, //!< Waits for the person.
        Downloading,
        Preparing, //!< Unpacks and verifies.
        ReadyToInstall, //!< Waits for the person.
        Installing, //!< The app is about to quit; the helper waits for that.
        WaitingForQuit, //!< The person decides when the app quits; it is installed then.
    };
    Q_ENUM(State)

    //! Who wants to know.
    enum class CheckKind {
        User, //!< A person: always gets an answer, whatever was skipped or is rolled out slowly.
        Scheduled, //!< Nobody in particular: speaks only when it finds something.
        Information, //!< The application: like Scheduled, but no person hears of it.
    };
    Q_ENUM(CheckKind)

    explicit Updater(QObject *parent = nullptr);
    ~Updater() override;

    //! The app to keep fresh: its folder, or the single file that it is. By default the AppImage
    //! that the running executable is in, or that executable itself where it is described in
    //! ".NAME.freshen" beside it, else the folder around it. Before start().
    void setApplicationDirectory(const QString &directory);
    //! Who talks with the person; not owned. Without one everything stays silent.
    void setUserDriver(UserDriver *driver);
    //! The manager that fetches everything; not owned. By default one of its own,
    //! which finds the proxy that the application set in Qt, else the system's.
    void setNetworkAccessManager(QNetworkAccessManager *manager);
    //! Decides where an application wants a say; not owned.
    void setDelegate(UpdaterDelegate *delegate);
    //! Where settings are kept, in the group "Freshen"; not owned. By default QSettings().
    void setSettings(QSettings *settings);
    //! The same for an application that keeps its settings elsewhere; not owned.
    void setSettingsStore(SettingsStore *store);
    //! An order of version strings in place of that of freshen.json: negative, zero or positive,
    //! like QString::compare(). Called in other threads. Before start().
    void setVersionComparator(std::function<int(const QString &, const QString &)> comparator);
    //! By default start() says "ready" (see sayReady()) once the event loop runs. An app that
    //! needs longer turns that off, before start(), and calls sayReady() itself.
    void setReadyAutomatically(bool automatically);

    //! Reads the app's freshen.json, finishes what an earlier update left, reports its result and
    //! begins the schedule. Where there is no freshen.json (a developer's build) it logs that once
    //! and stays disabled. Returns isEnabled().
    //!
    //! For a week after an update it also watches over the new version: at the third start in ten
    //! minutes whose predecessors crashed after start() and before they had run for five minutes,
    //! it asks the application to quit and brings the previous version back, with the original
    //! arguments; the person is told, and that release is not installed again by itself. Orderly
    //! ends, also by SIGTERM, SIGINT, SIGHUP and SIGQUIT, are no crashes; nor is anything under a
    //! debugger. It happens once for each update, and not where freshen.json forbids it or the
    //! installation belongs to an administrator: then the person is told that alone. What crashes
    //! before start() is not seen, so call it early.
    bool start();

    //! Whether this app can be kept fresh at all.
    bool isEnabled() const;
    State state() const;
    //! Whether checkForUpdates() would start a check now.
    bool canCheckForUpdates() const;
    //! The installed version, empty before start().
    QString currentVersion() const;
    //! What the last check found; null when there is nothing newer.
    Release availableRelease() const;
    //! Bytes of the present phase, done and in all; 0 when unknown.
    qint64 bytesDone() const;
    qint64 bytesTotal() const;
    //! How fast the present phase goes, smoothed over the last seconds; what an earlier download
    //! left does not count. 0 while nobody can tell.
    qint64 bytesPerSecond() const;
    //! How long the present phase will take; -1 while nobody can tell.
    qint64 secondsLeft() const;
    //! Whether the download stands still until it is told to go on, or, where nobody asked for it,
    //! until it may (avoidsBattery(), UpdaterDelegate::mayDownload()). What is there stays; the
    //! server is not asked for anything meanwhile. Ends with State::Downloading, and has no effect
    //! in other states.
    bool isDownloadPaused() const;
    void setDownloadPaused(bool paused);
    //! Why the last check found nothing: "up-to-date", "skipped", "managed", …, the reasons that
    //! `freshen check` gives; empty when it found something.
    QString noUpdateReason() const;
    //! What went wrong last; no error after a success.
    UpdateError lastError() const;

    //! Checks by itself. Off until the person allowed it.
    bool automaticallyChecks() const;
    void setAutomaticallyChecks(bool automatically);
    //! Downloads what a scheduled check finds and installs it when the app quits.
    bool automaticallyDownloads() const;
    void setAutomaticallyDownloads(bool automatically);
    //! Seconds between checks: a day by default, an hour at least.
    int checkInterval() const;
    void setCheckInterval(int seconds);
    //! The channels that the person follows besides the stable one. A change is followed by a
    //! check soon.
    QStringList channels() const;
    void setChannels(const QStringList &channels);
    //! Whether scheduled checks wait, and downloads that nobody asked for stand still, while the
    //! computer runs on its battery, or its network is metered. Off by default.
    bool avoidsBattery() const;
    void setAvoidsBattery(bool avoids);
    bool avoidsMeteredNetworks() const;
    void setAvoidsMeteredNetworks(bool avoids);
    //! Bytes a second that a download may take, 0 for as many as there are, which is the default.
    //! A change counts at once.
    qint64 maximumDownloadRate() const;
    void setMaximumDownloadRate(qint64 bytesPerSecond);
    //! The names of the properties that this computer's administrator has decided; setting them
    //! has no effect.
    QStringList lockedSettings() const;
    //! When the feed was last read successfully; invalid when never.
    QDateTime lastCheckTime() const;
    //! How long what the last check found can be relied on: signed feeds expire, so that nobody can
    //! keep a newer version secret for longer. Invalid when nothing was found out yet.
    QDateTime confirmedUntil() const;
    //! Whether that time is not over. Without it, it cannot be confirmed that there is no newer
    //! version than this one, until the next good check.
    bool isConfirmed() const;

    //! Tells whoever started this program that it works. Without it, or when the program ends
    //! before, an update is undone. Harmless when nobody waits.
    static void sayReady();

public Q_SLOTS:
    //! A check that a person asked for: always answers. While a conversation is open, brings it to
    //! the front; when an update waits for the app to quit, asks once more when to install it.
    void checkForUpdates();
    //! A check that speaks only when it finds something.
    void checkForUpdatesInBackground();
    //! A check that asks and shows nothing: checkFinished() and availableRelease() tell.
    void checkForUpdateInformation();
    //! Installs an update that waits for the app to quit at the next start of the app instead, and
    //! nothing now. To be called when the session of the user ends.
    void postponeToNextStart();
    //! Ends the conversation, whatever it does, and leaves the app as it was. Returns at once;
    //! state() is Idle within 200 ms.
    void cancel();

Q_SIGNALS:
    void stateChanged();
    void enabledChanged();
    void availableReleaseChanged();
    void progressChanged();
    void downloadPausedChanged();
    void settingsChanged();
    //! The next scheduled check will be about then.
    void checkScheduled(const QDateTime &time);
    //! A check ended; with \a found, availableRelease() is it, else see noUpdateReason().
    void checkFinished(bool found);
    //! The download begins, the release is staged and verified, the helper will install it once
    //! the app has quit: each for availableRelease().
    void downloadStarted();
    void downloadFinished();
    void installPrepared();
    //! The conversation ended with an error.
    void failed(const Freshen::UpdateError &error);
    //! The conversation is over, however it ended.
    void finished();

private:
    std::unique_ptr<UpdaterPrivate> d;
};

} // namespace Freshen
