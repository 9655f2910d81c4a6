// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/FaultAnswer>
#include <Freshen/FaultRequest>
#include <Freshen/FaultServer>

#include <QCoreApplication>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTextStream>

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    Freshen::FaultServer server;
    server.serve("/file", Freshen::FaultAnswer{.content = "0123456789", .cutAfter = 4});
    QNetworkAccessManager manager;
    QNetworkReply *reply = manager.get(QNetworkRequest(server.url("/file")));
    QObject::connect(reply, &QNetworkReply::finished, &app, [&] {
        QTextStream(stdout) << "got " << reply->readAll() << Qt::endl;
        app.quit();
    });
    return app.exec();
}
