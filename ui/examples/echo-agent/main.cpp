// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// echo-agent [PORT]: tells its version over HTTP. SIGHUP replaces it by the program that lies at
// its path now, and no client notices; SIGTERM ends it.

#include "echoserver.h"

#include <Freshen/Handover>

#include <QCoreApplication>
#include <QSocketNotifier>

#include <csignal>

#include <unistd.h>

namespace {

int signalPipe[2];

// Signals become bytes that the event loop can read.
void onSignal(int number)
{
    const char byte = char(number);
    [[maybe_unused]] const ssize_t written = ::write(signalPipe[1], &byte, 1);
}

int lastSignal()
{
    char byte = 0;
    return ::read(signalPipe[0], &byte, 1) == 1 ? byte : 0;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (::pipe(signalPipe) != 0)
        return 1;
    QSocketNotifier signalled(signalPipe[0], QSocketNotifier::Read);
    std::signal(SIGHUP, onSignal);
    std::signal(SIGTERM, onSignal);

    Freshen::Handover handover;
    EchoServer server(&handover);
    const quint16 port = application.arguments().value(1, QStringLiteral("8080")).toUShort();
    if (!handover.listen(&server, QHostAddress::LocalHost, port) || !handover.ready())
        qFatal("%s", qPrintable(handover.lastError().message()));
    QObject::connect(&handover, &Freshen::Handover::leaving, &server, &EchoServer::leave);
    QObject::connect(&handover, &Freshen::Handover::finished, &application,
                     &QCoreApplication::quit);
    QObject::connect(&handover, &Freshen::Handover::failed, [](const Freshen::UpdateError &error) {
        qWarning("%s", qPrintable(error.message()));
    });

    QObject::connect(&signalled, &QSocketNotifier::activated, [&] {
        if (lastSignal() == SIGHUP) {
            handover.handOver();
            return;
        }
        handover.stop();
        QCoreApplication::quit();
    });
    return application.exec();
}
