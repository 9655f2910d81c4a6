// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/core_export.h>
#include <Freshen/release.h>
#include <Freshen/updateerror.h>

#include <QDateTime>
#include <QObject>

#include <memory>

class QNetworkAccessManager;
class QSettings;

namespace Freshen {

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
    Q_PROPERTY(bool automaticallyChecks READ automaticallyChecks WRITE setAutomaticallyChecks
                   NOTIFY settingsChanged)
    Q_PROPERTY(bool automaticallyDownloads READ automaticallyDownloads WRITE
                   setAutomaticallyDownloads NOTIFY settingsChanged)
    Q_PROPERTY(QDateTime lastCheckTime READ lastCheckTime NOTIFY settingsChanged)

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
        Installing, //!< The helper prepares or waits for the app to quit.
    };
    Q_ENUM(State)

    explicit Updater(QObject *parent = nullptr);
    ~Updater() override;

    //! The folder of the app to keep fresh; by default the one that the running executable lies
    //! in. Before start().
    void setApplicationDirectory(const QString &directory);
    //! Who talks with the person; not owned. Without one everything stays silent.
    void setUserDriver(UserDriver *driver);
    //! The manager that fetches everything; not owned. By default one of its own.
    void setNetworkAccessManager(QNetworkAccessManager *manager);
    //! Where settings are kept, in the group "Freshen"; not owned. By default QSettings().
    void setSettings(QSettings *settings);
    //! By default start() says "ready" (see sayReady()) once the event loop runs. An app that
    //! needs longer turns that off, before start(), and calls sayReady() itself.
    void setReadyAutomatically(bool automatically);

    //! Reads the app's freshen.json, finishes what an earlier update left, reports its result and
    //! begins the schedule. Where there is no freshen.json (a developer's build) it logs that once
    //! and stays disabled. Returns isEnabled().
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
    //! What went wrong last; no error after a success.
    UpdateError lastError() const;

    //! Checks once a day by itself. Off until the person allowed it.
    bool automaticallyChecks() const;
    void setAutomaticallyChecks(bool automatically);
    //! Downloads what a scheduled check finds and installs it when the app quits.
    bool automaticallyDownloads() const;
    void setAutomaticallyDownloads(bool automatically);
    //! When the feed was last read successfully; invalid when never.
    QDateTime lastCheckTime() const;

    //! Tells whoever started this program that it works. Without it, or when the program ends
    //! before, an update is undone. Harmless when nobody waits.
    static void sayReady();

public Q_SLOTS:
    //! A check that a person asked for: always answers. While a conversation is open, brings it to
    //! the front.
    void checkForUpdates();
    //! A check that speaks only when it finds something.
    void checkForUpdatesInBackground();
    //! Ends the conversation, whatever it does, and leaves the app as it was. Returns at once;
    //! state() is Idle within 200 ms.
    void cancel();

Q_SIGNALS:
    void stateChanged();
    void enabledChanged();
    void availableReleaseChanged();
    void progressChanged();
    void settingsChanged();
    //! A check ended; with \a found, availableRelease() is it.
    void checkFinished(bool found);
    //! The conversation ended with an error.
    void failed(const Freshen::UpdateError &error);

private:
    std::unique_ptr<UpdaterPrivate> d;
};

} // namespace Freshen
