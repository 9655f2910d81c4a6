// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A server that hands over, driven line by line over its own connections, which stay with the
// generation that accepted them.
//
// handoveragent [--pid FILE] [--offer NAME] [--take NAME] [--file NAME] [--wait] ADDRESS…
// handoveragent --stranger: a program that knows LISTEN_FDS and READY=1 and nothing else
//   who            the process and its generation
//   files          the registered names
//   file NAME      the inode of an inherited file
//   env N=V        for the next version; FRESHEN_TEST_BEHAVIOUR makes it misbehave
//   set NAME VALUE timeout, drain (ms), needsState, executable, move, stop (at a step)
//   movable        this connection is moved
//   slow MS        10 KB after that time
//   busy, effective, inherited
//   handover       the refusal, "None" when it began
//   last           how the last one ended, state and counts
//   state TEXT     what the next version inherits
//   reply N        N bytes
//   stop, quit, descriptors, parent

#include <Freshen/handover.h>

#include "platform/inherited.h"
#include "platform/ready.h"
#include "tests/auto/handover/steps.h"

#include <QCoreApplication>
#include <QDir>
#include <QLocalServer>
#include <QLocalSocket>
#include <QMetaEnum>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>
#include <QUdpSocket>

#include <csignal>
#include <functional>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;

namespace {

// At the first space.
std::pair<QByteArray, QByteArray> cut(const QByteArray &line)
{
    const auto space = line.indexOf(' ');
    if (space < 0)
        return {line, {}};
    return {line.left(space), line.mid(space + 1)};
}

class Server : public QTcpServer
{
public:
    std::function<void(qintptr)> accepted;

protected:
    void incomingConnection(qintptr descriptor) override { accepted(descriptor); }
};

class Agent : public QObject
{
public:
    int run(QStringList arguments);

private:
    bool open(const QString &address);
    bool misbehave();
    void serve(Connection *connection);
    QByteArray answer(Connection *connection, const QByteArray &line);
    QByteArray tell(const QByteArray &line) const;
    QByteArray file(const QByteArray &name) const;
    QByteArray last() const;
    QByteArray state() const;
    void takeOver(const QString &path);
    void answerLate(Connection *connection, int delay);
    void useState();
    void set(const QByteArray &name, const QByteArray &value);

    Handover m_handover;
    QByteArray m_state = "fresh";
    QByteArray m_last = "nothing";
    QByteArray m_declined;
    bool m_moves = false;
    bool m_closes = false;
    bool m_quits = true;
    int m_busy = 0;
    int m_version = 7; // of the state
    QMap<QString, qintptr> m_files;
};

bool Agent::open(const QString &address)
{
    const QString kind = address.section(u':', 0, 0);
    if (kind == u"unix"_s) {
        auto *const server = new QLocalServer(this);
        connect(server, &QLocalServer::newConnection, this, [this, server] {
            while (QLocalSocket *socket = server->nextPendingConnection()) {
                serve(Connection::take(socket, this));
                socket->deleteLater();
            }
        });
        return m_handover.listen(server, address.mid(5));
    }
    const quint16 port = address.section(u':', -1).toUShort();
    QString host = address.section(u':', 1, -2);
    host.remove(u'[').remove(u']');
    const QHostAddress where = host == u"*"_s ? QHostAddress(QHostAddress::Any)
                                              : QHostAddress(host);
    if (kind == u"udp"_s) {
        auto *const socket = new QUdpSocket(this);
        connect(socket, &QUdpSocket::readyRead, this, [this, socket] {
            char byte = 0;
            QHostAddress from;
            quint16 fromPort = 0;
            while (socket->hasPendingDatagrams()) {
                socket->readDatagram(&byte, 1, &from, &fromPort);
                socket->writeDatagram(QByteArray::number(m_handover.generation()), from, fromPort);
            }
        });
        return m_handover.bind(socket, where, port);
    }
    auto *const server = new Server;
    server->setParent(this);
    server->accepted = [this](qintptr fd) {
        const int small = 4096;
        ::setsockopt(int(fd), SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
        serve(new Connection(fd, this));
    };
    return m_handover.listen(server, where, port);
}

void Agent::serve(Connection *connection)
{
    m_handover.watch(connection);
    connect(connection, &Connection::readyRead, this, [this, connection] {
        while (connection->canReadLine()) {
            const QByteArray line = connection->readLine().trimmed();
            if (cut(line).first == "slow")
                answerLate(connection, cut(line).second.toInt());
            else
                connection->write(answer(connection, line) + '\n');
        }
    });
    connect(connection, &Connection::readChannelFinished, connection, &Connection::closeWhenSent);
    connect(connection, &Connection::disconnected, connection, &QObject::deleteLater);
    connect(connection, &Connection::leaveRequested, this, [connection] {
        connection->setProperty("leaves", true);
        if (!connection->property("isBusy").toBool())
            connection->closeWhenSent();
    });
    connect(connection, &Connection::moved, connection, &QObject::deleteLater);
}

// 10 KB after that many milliseconds.
void Agent::answerLate(Connection *connection, int delay)
{
    connection->setProperty("isBusy", true);
    ++m_busy;
    QTimer::singleShot(delay, connection, [this, connection] {
        --m_busy;
        connection->setProperty("isBusy", false);
        connection->write(QByteArray(10'000, 's') + '\n');
        if (connection->property("leaves").toBool())
            connection->closeWhenSent();
    });
}

void Agent::set(const QByteArray &name, const QByteArray &value)
{
    HandoverOptions options = m_handover.options();
    if (name == "timeout")
        options.timeout = std::chrono::milliseconds(value.toInt());
    else if (name == "drain")
        options.drainTime = std::chrono::milliseconds(value.toInt());
    else if (name == "needsState")
        options.needsState = true;
    else if (name == "executable")
        options.executable = QString::fromUtf8(value);
    else if (name == "arguments")
        options.arguments = QString::fromUtf8(value).split(u'|');
    else if (name == "env")
        options.environment.append(QString::fromUtf8(value));
    else if (name == "move")
        m_moves = true;
    else if (name == "close")
        m_closes = true;
    else if (name == "spread")
        options.moveSpread = std::chrono::milliseconds(value.toInt());
    else if (name == "stay")
        m_quits = false;
    else if (name == "stop")
        stopAt(value);
    m_handover.setOptions(options);
}

QByteArray Agent::last() const
{
    return m_last + " state=" + state()
        + " watched=" + QByteArray::number(m_handover.watchedCount())
        + " abandoned=" + QByteArray::number(m_handover.abandonedCount()) + m_declined;
}

QByteArray Agent::file(const QByteArray &name) const
{
    struct stat status = {};
    const int fd = int(m_files.value(QString::fromUtf8(name), -1));
    return ::fstat(fd, &status) == 0 ? QByteArray::number(qulonglong(status.st_ino)) : "none";
}

QByteArray Agent::tell(const QByteArray &line) const
{
    const auto inherited = m_handover.inheritedState();
    if (line == "who")
        return QByteArray::number(::getpid()) + ' ' + QByteArray::number(m_handover.generation());
    if (line == "files")
        return m_handover.registeredNames().join(u'|').toUtf8();
    if (line == "last")
        return last();
    if (line == "inherited")
        return inherited ? QByteArray::number(inherited->version) + ' ' + inherited->data : "none";
    if (line == "descriptors") {
        const auto all = QDir::NoDotAndDotDot | QDir::AllEntries | QDir::System;
        return QByteArray::number(QDir(u"/proc/self/fd"_s).entryList(all).size());
    }
    if (line == "busy")
        return QByteArray::number(m_busy);
    if (line == "effective")
        return m_state;
    if (line == "parent")
        return m_handover.hasParent() ? "yes" : "no";
    if (line == "arguments")
        return QCoreApplication::arguments().mid(1).join(u'|').toUtf8();
    if (line == "variable")
        return qgetenv("FRESHEN_TEST_VARIABLE");
    if (line == "directory")
        return QDir::currentPath().toUtf8();
    return "ok";
}

QByteArray Agent::answer(Connection *connection, const QByteArray &line)
{
    const auto [command, rest] = cut(line);
    if (command == "file")
        return file(rest);
    if (command == "reply")
        return QByteArray(rest.toInt(), 'x');
    if (command == "set")
        set(cut(rest).first, cut(rest).second);
    else if (command == "state")
        m_state = rest;
    else if (line == "movable")
        connection->setProperty("movable", true);
    else if (line == "stop")
        m_handover.stop();
    else if (line == "quit")
        QTimer::singleShot(0, connection, [] { QCoreApplication::quit(); });
    if (line != "handover")
        return tell(line);
    m_last = "pending";
    return QMetaEnum::fromType<Handover::Refusal>().valueToKey(int(m_handover.handOver()));
}

// What a broken next version does before it is ready; true when that is all.
bool Agent::misbehave()
{
    const QByteArray how = qgetenv("FRESHEN_TEST_BEHAVIOUR");
    qunsetenv("FRESHEN_TEST_BEHAVIOUR");
    if (how == "crash")
        ::raise(SIGKILL);
    if (how == "exit")
        ::_exit(0);
    if (how == "fail")
        ::_exit(3);
    if (how == "leave") {
        m_handover.ready();
        ::_exit(0);
    }
    if (how == "decline")
        m_handover.declineState(u"too\nold"_s);
    return how == "hang";
}

QByteArray Agent::state() const
{
    return QMetaEnum::fromType<Handover::State>().valueToKey(int(m_handover.state()));
}

void Agent::takeOver(const QString &path)
{
    if (m_handover.takeOverFrom(path))
        step("taken over");
}

// Reads older versions, too, writes its own, and has no use for newer ones.
void Agent::useState()
{
    if (qEnvironmentVariableIsSet("FRESHEN_TEST_STATE"))
        m_version = qEnvironmentVariableIntValue("FRESHEN_TEST_STATE");
    const auto inherited = m_handover.inheritedState();
    if (!inherited)
        return;
    if (inherited->version > m_version)
        m_handover.declineState(u"version %1 is newer"_s.arg(inherited->version));
    else
        m_state = (inherited->version < m_version ? "migrated " : "") + inherited->data;
}

int Agent::run(QStringList arguments)
{
    step("inherited");
    connect(&m_handover, &Handover::stateChanged, this, [this] { step("state " + state()); });
    QString offer;
    HandoverOptions options;
    QStringList addresses;
    bool isReady = true;
    for (int i = 1; i < arguments.size(); ++i) {
        const QString &argument = arguments[i];
        if (argument == u"--pid"_s)
            options.pidFile = arguments.value(++i);
        else if (argument == u"--offer"_s)
            offer = arguments.value(++i);
        else if (argument == u"--take"_s)
            takeOver(arguments.value(++i));
        else if (argument == u"--wait"_s)
            isReady = m_handover.waitForParent(std::chrono::milliseconds(0));
        else if (!argument.isEmpty())
            addresses.append(argument);
    }
    m_handover.setOptions(options);
    if (misbehave())
        return QCoreApplication::exec();
    useState();
    for (const QString &address : addresses) {
        if (!open(address)) {
            qWarning("%s", qPrintable(m_handover.lastError().message()));
            return 2;
        }
    }
    for (const QString &name : m_handover.descriptorNames()) {
        if (!name.startsWith(u"file"_s))
            continue;
        m_files[name] = m_handover.takeDescriptor(name);
        m_handover.addDescriptor(name, m_files[name]);
    }
    step("open");
    if (!offer.isEmpty() && !m_handover.offerAt(offer)) {
        qWarning("%s", qPrintable(m_handover.lastError().message()));
        return 2;
    }
    m_handover.setState(m_version, [this] { return m_state; });
    m_handover.setLeavePolicy([this](Connection *connection, QByteArray *note) {
        *note = "note";
        if (m_closes)
            return Handover::Leave::CloseAfterReply;
        const bool moves = m_moves || connection->property("movable").toBool();
        return moves ? Handover::Leave::Move : Handover::Leave::Stay;
    });
    connect(&m_handover, &Handover::handedOver, this, [this] {
        m_last = "handedOver";
        step("accept paused");
    });
    connect(&m_handover, &Handover::leaving, this, [] { step("leaving"); });
    connect(&m_handover, &Handover::parentGone, this, [] { step("parent gone"); });
    connect(&m_handover, &Handover::failed, this, [this](const UpdateError &error) {
        m_last = "failed " + error.code().toUtf8() + " " + error.message().toUtf8();
    });
    connect(&m_handover, &Handover::stateDeclined, this, [this](const QString &reason) {
        m_declined = " declined=" + reason.toUtf8().replace('\n', '/');
    });
    connect(&m_handover, &Handover::connectionArrived, this,
            [this](Connection *connection, const QByteArray &note) {
                if (note == "note")
                    serve(connection);
            });
    connect(&m_handover, &Handover::finished, this, [this] {
        if (m_quits)
            QCoreApplication::exit(m_handover.abandonedCount());
    });
    if (!isReady || !m_handover.ready()) {
        qWarning("%s", qPrintable(m_handover.lastError().message()));
        return 3;
    }
    return QCoreApplication::exec();
}

// Says "stranger" to whoever comes to the first socket.
int runStranger()
{
    const auto inherited = Platform::takeInherited();
    if (!inherited || inherited->empty())
        return 2;
    const int fd = inherited->front().descriptor.value();
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) & ~O_NONBLOCK);
    Platform::sayReady();
    while (true) {
        const Platform::Descriptor visitor(::accept(fd, nullptr, nullptr));
        char line[100];
        const auto size = ::read(visitor.value(), line, sizeof(line));
        if (std::string_view(line, std::size_t(std::max<ssize_t>(size, 0))) == "quit\n")
            return 0;
        ::send(visitor.value(), "stranger\n", 9, MSG_NOSIGNAL);
    }
}

} // namespace

int main(int argc, char **argv)
{
    if (argc == 2 && std::string_view(argv[1]) == "--stranger")
        return runStranger();
    rlimit limit = {};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    QCoreApplication application(argc, argv);
    step("begin");
    Agent agent;
    return agent.run(application.arguments());
}
