// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/controlserver.h"

#include "lib/common/convert.h"
#include "platform/lock.h"
#include "platform/paths.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QLocalSocket>
#include <QPointer>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 longestCommand = 4096;
constexpr qint64 longestAnswer = 1 << 20;
constexpr int flushMilliseconds = 1000;

QByteArray toLine(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

QJsonObject toJson(const Result<QJsonObject> &answer)
{
    if (answer)
        return *answer;
    const QJsonObject error{{u"code"_s, toQString(errorCodeName(answer.error().code))},
                            {u"message"_s, toQString(answer.error().message)}};
    return {{u"error"_s, error}};
}

Result<QJsonObject> fromLine(const QByteArray &line, const QString &path)
{
    const QJsonDocument document = QJsonDocument::fromJson(line);
    if (!document.isObject())
        return failure(ErrorCode::NO_SUPERVISOR,
                       u"The supervisor at %1 broke off. Look into its log."_s.arg(path));
    const QJsonObject error = document.object()[u"error"_s].toObject();
    if (error.isEmpty())
        return document.object();
    return failure(errorCodeFromName(toStdString(error[u"code"_s].toString())),
                   error[u"message"_s].toString());
}

} // namespace

ControlServer::ControlServer(QString path, Handler handler)
    : m_path(std::move(path))
    , m_handler(std::move(handler))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &ControlServer::accept);
}

ControlServer::~ControlServer() = default;

Result<void> ControlServer::listen()
{
    // A folder that stands already may be shared; the socket is for its user alone all the same.
    if (auto made = Platform::makeDirectories(toPath(QFileInfo(m_path).absolutePath()), 0700);
        !made)
        return made;
    auto lock = Platform::lockFile(toPath(m_path + u".lock"_s));
    if (!lock)
        return lock.error().code == ErrorCode::BUSY
            ? failure(ErrorCode::BUSY,
                      u"Another supervisor listens at %1. Stop it, or choose another --control "
                      "path."_s.arg(m_path))
            : failure(lock);
    m_lock = std::move(*lock);
    // Whoever holds the lock owns the name: what is there was left by one that was killed.
    QLocalServer::removeServer(m_path);
    if (m_server.listen(m_path))
        return {};
    return failure(ErrorCode::IO,
                   u"Cannot listen at %1: %2."_s.arg(m_path, m_server.errorString()));
}

void ControlServer::accept()
{
    while (QLocalSocket *client = m_server.nextPendingConnection()) {
        connect(client, &QLocalSocket::readyRead, this, [this, client] { read(client); });
        connect(client, &QLocalSocket::disconnected, client, &QObject::deleteLater);
        read(client);
    }
}

void ControlServer::read(QLocalSocket *client)
{
    if (client->bytesAvailable() > longestCommand) {
        client->abort();
        return;
    }
    if (!client->canReadLine())
        return;
    const QJsonObject request = QJsonDocument::fromJson(client->readLine()).object();
    m_handler(request[u"command"_s].toString(),
              [client = QPointer(client)](const Result<QJsonObject> &answer) {
                  if (!client)
                      return;
                  client->write(toLine(toJson(answer)));
                  client->disconnectFromServer();
              });
}

void ControlServer::flush()
{
    for (QLocalSocket *client : m_server.findChildren<QLocalSocket *>()) {
        if (client->bytesToWrite() > 0)
            client->waitForBytesWritten(flushMilliseconds);
    }
}

QString ControlServer::defaultPath(const QString &name)
{
    return toQString(Platform::runtimeDirectory() / toStdString(name + u".sock"_s));
}

Result<QJsonObject> ControlServer::ask(const QString &path, const QString &command)
{
    QLocalSocket socket;
    socket.connectToServer(path);
    if (!socket.waitForConnected())
        return failure(ErrorCode::NO_SUPERVISOR,
                       u"No supervisor answers at %1: %2. Start it, or name its --control "
                       "path."_s.arg(path, socket.errorString()));
    socket.write(toLine({{u"command"_s, command}}));
    while (!socket.canReadLine() && socket.bytesAvailable() <= longestAnswer) {
        // As long as it takes: a program may drain for minutes.
        if (!socket.waitForReadyRead(-1))
            break;
    }
    return fromLine(socket.readLine(longestAnswer), path);
}

} // namespace Freshen
