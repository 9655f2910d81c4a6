// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// supervised-agent PORT LOG: a program with Freshen::Supervised, which does what a client asks it
// to and notes what it hears.

#include <Freshen/Handover>
#include <Freshen/Supervised>

#include <QCoreApplication>
#include <QFile>
#include <QTcpServer>
#include <QTcpSocket>

using namespace Freshen;

namespace {

void note(const QString &what)
{
    QFile log(QCoreApplication::arguments().value(2));
    if (log.open(QIODevice::WriteOnly | QIODevice::Append))
        log.write(what.toUtf8() + '\n');
}

QByteArray obey(const QByteArray &command, Supervised &supervised)
{
    if (command == "restart")
        supervised.requestRestart();
    else if (command == "update")
        supervised.requestUpdate();
    return supervised.isSupervised() ? QByteArray::number(supervised.generation()) : "alone";
}

} // namespace

int main(int argc, char *argv[])
{
    if (Supervised::answerSelfTest(argc, argv, QStringLiteral("1.0")))
        return 0;
    const QCoreApplication application(argc, argv);
    Supervised supervised;
    Handover handover;
    QTcpServer server;
    const quint16 port = QCoreApplication::arguments().value(1).toUShort();
    if (!handover.listen(&server, QHostAddress::LocalHost, port) || !handover.ready())
        qFatal("%s", qPrintable(handover.lastError().message()));
    QObject::connect(&server, &QTcpServer::newConnection, &server, [&] {
        QTcpSocket *const client = server.nextPendingConnection();
        QObject::connect(client, &QTcpSocket::readyRead, client, [client, &supervised] {
            client->write(obey(client->readAll().trimmed(), supervised) + '\n');
            client->disconnectFromHost();
        });
        QObject::connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
    });
    QObject::connect(&supervised, &Supervised::supervisorGone, &application,
                     [] { note(QStringLiteral("gone")); });
    QObject::connect(&supervised, &Supervised::leaveRequested, &application, [&] {
        note(QStringLiteral("leave"));
        server.close();
        QCoreApplication::quit();
    });
    return QCoreApplication::exec();
}
