// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include "lib/feed/appcast.h"

#include <QJsonObject>
#include <QMap>
#include <QProcess>
#include <QTemporaryDir>

#include <functional>
#include <memory>

namespace Freshen {

// What a program said and how it ended.
struct Outcome {
    int status = -1;
    QByteArray output;
    QByteArray errors;
    QJsonObject json;

    // The code of the error that it reported as JSON.
    QString errorCode() const;
    QString errorMessage() const;
};

// A publisher's workplace, a web host and an installed app in one temporary folder, worked with
// through the real programs.
class Workshop
{
public:
    Workshop();
    ~Workshop();

    QString path(const QString &name = {}) const;
    QString app() const { return path(QStringLiteral("apps/sample")); }
    QString control() const { return path(QStringLiteral("apps/.sample.freshen")); }
    QString host() const { return path(QStringLiteral("host")); }
    QString key() const { return path(QStringLiteral("release.key")); }
    // Where packages of all products are downloaded to.
    QString downloads() const { return path(QStringLiteral("home/cache/freshen/downloads")); }
    QString publicKey() const { return path(QStringLiteral("release.pub")); }
    // Where the host is served.
    QString url(const QString &name) const;

    // What programs get in their environment besides this process's.
    QMap<QString, QString> environment;
    // What is packed as the program to start, and answers to --version.
    QString executable = QStringLiteral("bin/sample");
    // Options of `freshen-appcast pack` besides the needed ones.
    QStringList packOptions;

    // A tree of the sample app; `files` are more files, by path.
    QString makeTree(const QString &version, const QString &behaviour = {},
                     const QMap<QString, QByteArray> &files = {});
    // Packs a tree, generates the feed. Fails the test when that fails.
    void publish(const QString &version, const QString &tree);
    void generate();
    // Unpacks the published package as the installed app.
    void install(const QString &version);
    // All of it for a good release: tree, package, feed.
    void release(const QString &version, const QString &behaviour = {},
                 const QMap<QString, QByteArray> &files = {});
    QString packageName(const QString &version, const QString &ending = {}) const;

    Outcome run(const QString &program, const QStringList &arguments, int timeoutMs = 120'000);
    // The same without waiting for its end.
    std::unique_ptr<QProcess> start(const QString &program, const QStringList &arguments);
    // A command of `freshen` on the installed app, with --json.
    Outcome freshen(const QString &command, const QStringList &options = {});
    // What the installed app says to --version.
    QString runningVersion();
    // The app as a running process.
    std::unique_ptr<QProcess> startApp(const QStringList &arguments = {});
    // Ends every process of the app, whoever started it, and waits for that.
    void endApp() const;
    // Changes the feed that is served, and signs it.
    void editFeed(const std::function<void(Appcast &)> &change);
    // Serves these bytes as the newest release's package, in a feed that is signed for them.
    void replacePackage(const QByteArray &bytes);
    // The starts that the app noted: "version|argument|…".
    QStringList starts() const;

    // What stands beside the app in its own folder, except what is meant to stay.
    QStringList leftovers() const;

private:
    void serve();
    QProcessEnvironment variables() const;

    QTemporaryDir m_folder;
    QProcess m_server;
    int m_port = 0;
};

QByteArray readAll(const QString &file);
void writeAll(const QString &file, const QByteArray &content);
// Turns over one bit in the middle.
void flipBit(const QString &file);

} // namespace Freshen
