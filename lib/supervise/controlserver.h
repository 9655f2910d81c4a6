// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "platform/file.h"
#include "platform/result.h"

#include <QJsonObject>
#include <QLocalServer>

#include <functional>

namespace Freshen {

// The supervisor's ear: a local socket that only its user may use. A client writes one line, a
// JSON object with the command's name, and gets one back when that is done.
class ControlServer : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(const Result<QJsonObject> &answer)>;
    // Calls `done` once, at any time.
    using Handler = std::function<void(const QString &command, Done done)>;

    ControlServer(QString path, Handler handler);
    ~ControlServer() override;

    // BUSY when another supervisor listens there.
    Result<void> listen();
    // Answers the client when it can; waits until all answers are on their way.
    void flush();

    // Where the one for a program of this name listens when nobody says.
    static QString defaultPath(const QString &name);
    // A command for the supervisor that listens there, and its answer. NO_SUPERVISOR when there is
    // none; else the supervisor's own error. Blocks.
    static Result<QJsonObject> ask(const QString &path, const QString &command);

private:
    void accept();
    void read(QLocalSocket *client);

    const QString m_path;
    const Handler m_handler;
    Platform::Descriptor m_lock;
    QLocalServer m_server;
};

} // namespace Freshen
