// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/core_export.h>
#include <Freshen/updateerror.h>

#include <QJsonObject>
#include <QObject>
#include <QStringList>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace Freshen {

class SupervisorPrivate;

/*!
 * What a Supervisor supervises, and how. A value.
 * \since 0.1
 */
struct SupervisorOptions {
    //! What becomes of the running program when a new build is in its place.
    enum class OnUpdate {
        Restart, //!< The old one leaves, then the new one starts; clients wait meanwhile.
        HandOver, //!< The new one starts; once it is ready, the old one leaves.
        Wait, //!< Nothing, until it ends, or is restarted, anyway.
    };
    //! What becomes of the supervisor when the program ends by itself.
    enum class OnExit {
        Pass, //!< It ends with the same code; 128 + signal for a program that was killed.
        KeepAlive, //!< It starts the program again, later each time.
    };
    //! A build that a function of yours has found.
    struct Build {
        QString file; //!< A complete package, or a single file. It is removed after use.
        QByteArray signature; //!< Of a single file: what `minisign` wrote; empty when unsigned.
        QString version; //!< Only a hint, for unsigned ones.
    };
    //! Called in another thread now and then; nothing when there is nothing new.
    using SourceFunction = std::function<std::optional<Build>(UpdateError *error)>;
    //! Called before a verified build takes its place, with where it lies and its version. A text
    //! is a veto, and the reason.
    using Veto = std::function<QString(const QString &file, const QString &version)>;

    //! The folder of an installed app, whose program is supervised and updated. Or:
    QString app;
    //! A single file, which is supervised and updated.
    QString program;
    //! What to start, if not these themselves; a relative name is looked up in `app`, then in PATH.
    QStringList command;
    //! "NAME=tcp:HOST:PORT", "NAME=udp:HOST:PORT", "NAME=unix:PATH".
    QStringList sockets;
    //! "appcast:URL", "http:URL", "file:PATH", "github:OWNER/REPO[@API_URL]", "s3:URL", or none.
    QString source;
    //! Instead of `source`.
    SourceFunction sourceFunction;
    //! Keys to trust: as text, or names of files. Empty: those of the app.
    QStringList publicKeys;
    //! Whether what carries no signature may be installed. What carries one is always verified.
    bool allowsUnsigned = false;
    //! Between two looks at the source; at least one second. Ten percent are left to chance.
    std::chrono::seconds interval{300};
    //! Whether a new build has to answer "--freshen-selftest TOKEN" first.
    bool hasSelfTest = false;
    OnUpdate onUpdate = OnUpdate::Restart;
    OnExit onExit = OnExit::Pass;
    //! How long the program has to leave before it is killed.
    std::chrono::seconds drainTime{30};
    //! How long a new build has to say that it is ready.
    std::chrono::seconds readyTime{60};
    //! How a program shows that it works, if its app does not say: "signal", "alive:SECONDS".
    QString ready;
    //! Where `freshen-supervise ctl` reaches it; empty: in the user's runtime folder.
    QString controlPath;
    Veto veto;
};

/*!
 * A parent that stays: it keeps the listening sockets of a program, starts it, fetches and verifies
 * new builds, puts them in place, and goes back when one does not work. `freshen-supervise` is this
 * class with a command line.
 *
 * Lives in a thread with an event loop; one per program. Nothing here blocks for long. Sockets that
 * a service manager passed to this process are used; READY, STATUS, STOPPING and the watchdog of a
 * service manager (sd_notify(3)) are served.
 * \since 0.1
 */
class FRESHEN_CORE_EXPORT Supervisor : public QObject
{
    Q_OBJECT

public:
    explicit Supervisor(const SupervisorOptions &options, QObject *parent = nullptr);
    //! Kills the program, if it runs.
    ~Supervisor() override;

    //! Opens sockets and the control path, finishes or undoes what an earlier one left, applies an
    //! update that waits, starts the program. An error: nothing was started.
    UpdateError start();

    //! Looks for a new build now, and installs it as the options say.
    void checkNow();
    //! Starts the program anew.
    void restart();
    //! Asks the program to leave, then ends.
    void stop();

    //! State, versions, generation, sockets, counters, last error: what `ctl status --json` prints.
    QJsonObject status() const;

Q_SIGNALS:
    //! A generation of the program said that it is ready.
    void generationStarted(int generation);
    //! A new build is installed and ready. `version` may be empty for an unsigned file.
    void updated(const QString &version);
    //! A look, an update or a restart failed; the program that ran before still does.
    void failed(const Freshen::UpdateError &error);
    //! One sentence about what happened, for a log.
    void logged(const QString &sentence);
    //! It is over; this process had better end with that code.
    void finished(int exitCode);

private:
    std::unique_ptr<SupervisorPrivate> d;
};

} // namespace Freshen
