// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What a publisher has at hand, for tests: a key, a folder to pack, the program.

#pragma once

#include "lib/package/packagewriter.h"
#include "lib/signing/secretkey.h"

#include <QJsonObject>
#include <QProcessEnvironment>
#include <QTemporaryDir>

// A key that is the same in every run.
Freshen::SecretKey testKey(char seed = 'a');

void writeTextFile(const QString &path, const QByteArray &content, int mode = 0644);
QByteArray readWholeFile(const QString &path);
void setMode(const QString &path, int mode);

// bin/app, which runs; an empty folder and file, a link, a name of more than 100 bytes.
void makeTree(const QString &folder);
// A request that packs it as version 1.0.
Freshen::PackRequest packRequest(const QString &tree, const QString &package);

struct Finished {
    int status = -1;
    QByteArray out;
    QByteArray err;
    QJsonObject json() const;
    // The code of the error in a JSON answer.
    QString errorCode() const;
};

// Runs a program to its end.
Finished
runProgram(const QString &program, const QStringList &arguments, const QByteArray &input = {},
           const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment());
// Runs freshen-appcast at a fixed time.
Finished appcastTool(const QStringList &arguments, qint64 now = 1'800'000'000,
                     const QByteArray &input = {});

// A folder of packages, and the key that signs them.
class Site
{
public:
    Site();
    QString folder() const { return m_place.filePath(QStringLiteral("site")); }
    QString feed() const { return folder() + QStringLiteral("/appcast.xml"); }
    QString keyFile() const { return m_place.filePath(QStringLiteral("test.key")); }
    QString publicKey() const;
    QString path(const QString &name) const { return m_place.filePath(name); }

    // Packs a version with the name "notes-VERSION-linux-x86_64.tar.zst".
    Finished pack(const QString &version, const QStringList &options = {},
                  const QString &ending = QStringLiteral(".tar.zst")) const;
    Finished generate(const QStringList &options = {}, qint64 now = 1'800'000'000) const;
    Finished lint(const QStringList &options = {}, qint64 now = 1'800'000'000) const;

private:
    QTemporaryDir m_place;
};
