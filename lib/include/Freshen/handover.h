// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/connection.h>
#include <Freshen/core_export.h>
#include <Freshen/updateerror.h>

#include <QHostAddress>
#include <QObject>
#include <QStringList>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

class QLocalServer;
class QTcpServer;
class QUdpSocket;

namespace Freshen {

class HandoverPrivate;

/*!
 * How the next version is started and how this one leaves. A value.
 * \since 0.1
 */
struct HandoverOptions {
    //! The program; by default the path that this one had when it was started.
    QString executable;
    //! Its arguments, without the program; by default those of this one.
    std::optional<QStringList> arguments;
    //! "NAME=value", added to this program's environment.
    QStringList environment;
    //! By default the directory in which this program was started.
    QString workingDirectory;
    //! How long the next version may take until it says ready; then it is ended.
    std::chrono::milliseconds timeout = std::chrono::seconds(60);
    //! How long connections may take to end once the next version serves.
    std::chrono::milliseconds drainTime = std::chrono::seconds(30);
    //! Connections are moved, or asked to close, at random moments between this time and twice this
    //! time, to spread the load; at once by default. The drain time goes on meanwhile.
    std::chrono::milliseconds moveSpread{0};
    //! Whether a next version that declines the state is given up.
    bool needsState = false;
    //! Where ready() writes the process's number, in one step; empty for nowhere.
    QString pidFile;
};

/*!
 * What one version of a program leaves to the next: see Handover::setState(). A value.
 * \since 0.1
 */
struct HandoverState {
    //! What setState() was told; newer programs know older ones and migrate.
    int version = 0;
    QByteArray data;
};

/*!
 * Hands the listening sockets, and if wanted live connections, of a running program to its next
 * version, so that no client is ever refused.
 *
 * Open every socket through it, call ready() once the program serves, and handOver() when the next
 * version shall take over; quit on finished(). The next version does the same and so gets what is
 * already open. It may be any program that knows LISTEN_FDS and READY=1, too. Until the next
 * version has said ready nothing here is stopped or closed; if it never does, it can be tried
 * again.
 *
 * One per process, in the thread of the event loop; create it before other threads and before
 * Updater. Errors: functions that return false leave the reason in lastError(). On systems that
 * cannot pass descriptors sockets are simply opened and handOver() answers Unsupported.
 * \since 0.1
 */
class FRESHEN_CORE_EXPORT Handover : public QObject
{
    Q_OBJECT
    Q_PROPERTY(State state READ state NOTIFY stateChanged)
    Q_PROPERTY(bool hasParent READ hasParent NOTIFY parentGone)

public:
    //! Where this version stands.
    enum class State {
        Starting, //!< Not ready yet.
        Serving,
        HandingOver, //!< Waits for the next version; serves meanwhile.
        Leaving, //!< The next version serves; what is left here ends.
        Finished, //!< Nothing is left here.
        Stopped, //!< stop() was called.
    };
    Q_ENUM(State)

    //! Why handOver() does nothing.
    enum class Refusal {
        None, //!< It has begun.
        NotReady, //!< ready() was not called yet.
        ParentRunning, //!< The version before is still leaving.
        InProgress,
        Stopping, //!< stop() was called.
        AlreadyHandedOver,
        Unsupported, //!< Not on this system, or this is not the only Handover.
    };
    Q_ENUM(Refusal)

    //! What happens to a live connection when this version leaves.
    enum class Leave {
        Stay, //!< It is served here until it ends or the drain time is over.
        Move, //!< The next version serves it on.
        CloseAfterReply, //!< Connection::leaveRequested() asks its owner.
    };
    Q_ENUM(Leave)

    //! Called with a socket, before it gets its address, to set options; false refuses it.
    using SocketHook = std::function<bool(qintptr descriptor)>;
    //! Opens a socket itself; returns its descriptor, which is then the registry's, or -1.
    using Opener = std::function<qintptr()>;
    //! Decides for one connection, and may leave a note for the next version.
    using LeavePolicy = std::function<Leave(Connection *connection, QByteArray *note)>;

    //! Takes what the starter of this process passed on.
    explicit Handover(QObject *parent = nullptr);
    //! Leaves without stop(): socket files stay, because a next version may own them.
    ~Handover() override;

    State state() const;
    //! 1 for a program started by hand; each version that is started by the one before counts on.
    int generation() const;
    UpdateError lastError() const;
    void setOptions(const HandoverOptions &options);
    HandoverOptions options() const;
    void setSocketHook(const SocketHook &hook);

    //! The inherited socket with that address, else a new one. Port 0 is always a new one; the
    //! server knows its number. Any is one socket for both protocols.
    bool listen(QTcpServer *server, const QHostAddress &address, quint16 port);
    //! \a path "@name" is a name without a file. The server's file is never removed by the server
    //! itself, only by stop(); its serverName() says nothing.
    bool listen(QLocalServer *server, const QString &path);
    bool bind(QUdpSocket *socket, const QHostAddress &address, quint16 port);
    //! The same, with the caller's way to open a socket that is not inherited.
    bool listenWith(QTcpServer *server, const QString &address, const Opener &opener);
    bool listenWith(QLocalServer *server, const QString &address, const Opener &opener);
    bool bindWith(QUdpSocket *socket, const QString &address, const Opener &opener);
    //! A socket for an address such as "unixgram:/run/a/log", "unixpacket:@name", "tcp:[::1]:80":
    //! a descriptor that the caller closes, -1 after an error. The registry keeps one of its own.
    qintptr openSocket(const QString &address);

    //! Hands on what was opened elsewhere, as long as the object exists and is open.
    void add(QTcpServer *server);
    void add(QUdpSocket *socket);
    //! Any other open file; the caller keeps its own. The same name replaces.
    bool addDescriptor(const QString &name, qintptr descriptor);
    //! An inherited descriptor that nobody took yet, now the caller's; -1 when there is none. To
    //! hand it on again, add it.
    qintptr takeDescriptor(const QString &name);
    //! Inherited descriptors that nobody took yet.
    QStringList descriptorNames() const;
    //! The addresses and names of everything that would be handed on now.
    QStringList registeredNames() const;

    //! What the next version gets as state(); asked for when it is handed over.
    void setState(int version, const std::function<QByteArray()> &provider);
    //! What the version before left; nothing when there was none.
    std::optional<HandoverState> inheritedState() const;
    //! Tells the version before that its state is of no use here; before ready().
    void declineState(const QString &reason);

    //! Lets an independently started next version ask for the sockets at \a path, in a folder that
    //! only this user may enter; a bare name lies in the user's runtime folder. Several programs
    //! may run side by side when this is not called.
    bool offerAt(const QString &path);
    //! Asks the running version at \a path. False with NETWORK when none runs there, which is how
    //! a first start looks. Blocks for ten seconds at most. Before any listen().
    bool takeOverFrom(const QString &path);
    //! The file behind such a path or name.
    static QString rendezvousPath(const QString &path);

    //! Says that this version serves: closes what was inherited and not taken, writes the PID file,
    //! and tells the version before and the service manager. False after an error: the version
    //! before was told nothing and serves on; this one should end. Calling it again is harmless.
    bool ready();

    //! Why handOver() would refuse now.
    Refusal refusal() const;
    //! Starts the next version; handedOver() or failed() follows.
    Refusal handOver();
    //! Ends a next version that is not ready yet, refuses later ones, and, when none was ever
    //! ready, removes this one's socket files.
    void stop();

    //! Whether the version before still exists.
    bool hasParent() const;
    //! Blocks until it does not: true; false when the time is over, and PROTOCOL when it said
    //! something that makes no sense.
    bool waitForParent(std::chrono::milliseconds timeout);

    //! A live connection (QTcpSocket, QLocalSocket, Connection …) for which finished() waits once
    //! this version leaves: until it is destroyed or disconnected.
    void watch(QObject *connection);
    //! How many of them are left.
    int watchedCount() const;
    //! How many were ended because the drain time was over.
    int abandonedCount() const;
    //! By default connections stay.
    void setLeavePolicy(const LeavePolicy &policy);
    //! Moves one connection to the next version, which serves already: Connection::moved() or
    //! stayed() follows. False when there is none. A QTcpSocket or QLocalSocket is moved by way of
    //! Connection::take(), once its bytesToWrite() is 0. That is left to its owner, because such a
    //! socket ends there: its signals are the owner's, and a connection that is not taken by the
    //! next version can be given back as a Connection only.
    bool move(Connection *connection, const QByteArray &note = {});

Q_SIGNALS:
    void stateChanged();
    //! The next version serves; this one accepts no more.
    void handedOver();
    //! The next version did not become ready; this one serves on.
    void failed(const Freshen::UpdateError &error);
    //! The next version has no use for the state, see HandoverOptions::needsState.
    void stateDeclined(const QString &reason);
    //! After handedOver(): idle connections should be closed now.
    void leaving();
    //! Nothing is left to do here: quit.
    void finished();
    //! The version before is gone.
    void parentGone();
    //! The version before moved a connection, with the note that it left. The receiver owns it;
    //! where nobody is connected to this signal, the version before keeps it.
    void connectionArrived(Freshen::Connection *connection, const QByteArray &note);

private:
    friend class HandoverPrivate;
    std::unique_ptr<HandoverPrivate> d;
};

} // namespace Freshen
