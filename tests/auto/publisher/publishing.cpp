// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/publisher/publishing.h"

#include "lib/common/convert.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QTest>

#include <filesystem>

using namespace Freshen;
using namespace Qt::StringLiterals;

SecretKey testKey(char seed)
{
    const QByteArray text = QByteArray(32, seed).toBase64();
    auto key = SecretKey::parse(toView(text));
    if (!key)
        qFatal("The test key cannot be used");
    return std::move(*key);
}

void writeTextFile(const QString &path, const QByteArray &content, int mode)
{
    QFile file(path);
    if (!QDir().mkpath(QFileInfo(path).path()) || !file.open(QIODevice::WriteOnly)
        || file.write(content) != content.size())
        qFatal("Cannot write %s", qPrintable(path));
    file.close();
    setMode(path, mode);
}

QByteArray readWholeFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("Cannot read %s", qPrintable(path));
    return file.readAll();
}

void setMode(const QString &path, int mode)
{
    std::filesystem::permissions(toPath(path), std::filesystem::perms(mode));
}

void makeTree(const QString &folder)
{
    const QString longName(120, u'n');
    writeTextFile(folder + u"/bin/app"_s, "#!/bin/sh\necho hello\n", 0755);
    writeTextFile(folder + u"/share/text file.txt"_s, QByteArray("words ").repeated(5000), 0664);
    writeTextFile(folder + u"/share/nothing"_s, {});
    writeTextFile(folder + u"/share/"_s + longName, "long");
    QDir().mkpath(folder + u"/empty"_s);
    QDir().mkpath(folder + u"/lib"_s);
    std::filesystem::create_symlink("../share/" + toStdString(longName),
                                    toPath(folder + u"/lib/link"_s));
}

PackRequest packRequest(const QString &tree, const QString &package)
{
    AppDescription description;
    description.product = u"org.example.notes"_s;
    description.version = u"1.0"_s;
    description.feed = u"https://example.org/appcast.xml"_s;
    description.executable = u"bin/app"_s;
    description.publicKeys = {toQString(std::string_view(testKey().publicKey().toMinisign()))};
    return {description, u"linux"_s, u"x86_64"_s, tree, package};
}

QJsonObject Finished::json() const
{
    return QJsonDocument::fromJson(out).object();
}

QString Finished::errorCode() const
{
    return json().value(u"error"_s).toObject().value(u"code"_s).toString();
}

Finished runProgram(const QString &program, const QStringList &arguments, const QByteArray &input,
                    const QProcessEnvironment &environment)
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(60'000) || process.exitStatus() != QProcess::NormalExit)
        return {-1, process.readAllStandardOutput(), process.readAllStandardError()};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

Finished appcastTool(const QStringList &arguments, qint64 now, const QByteArray &input)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"SOURCE_DATE_EPOCH"_s, QString::number(now));
    return runProgram(QStringLiteral(FRESHEN_BUILD_BIN "/freshen-appcast"), arguments, input,
                      environment);
}

Site::Site()
{
    QDir().mkpath(folder());
    makeTree(path(u"tree"_s));
    writeTextFile(keyFile(), QByteArray::fromStdString(testKey().toText()), 0600);
}

QString Site::publicKey() const
{
    return toQString(std::string_view(testKey().publicKey().toSparkle()));
}

Finished Site::pack(const QString &version, const QStringList &options, const QString &ending) const
{
    const QString package = folder() + u"/notes-%1-linux-x86_64"_s.arg(version) + ending;
    return appcastTool(QStringList{u"pack"_s, u"--product"_s, u"org.example.notes"_s,
                                   u"--version"_s, version, u"--executable"_s, u"bin/app"_s,
                                   u"--feed"_s, u"https://example.org/appcast.xml"_s, u"--key"_s,
                                   keyFile(), u"--os"_s, u"linux"_s, u"--arch"_s, u"x86_64"_s}
                       + options + QStringList{path(u"tree"_s), package});
}

Finished Site::generate(const QStringList &options, qint64 now) const
{
    return appcastTool(QStringList{u"generate"_s, u"--json"_s, u"--key"_s, keyFile(),
                                   u"--base-url"_s, u"https://example.org/up"_s}
                           + options + QStringList{folder()},
                       now);
}

Finished Site::lint(const QStringList &options, qint64 now) const
{
    return appcastTool(QStringList{u"lint"_s, u"--json"_s, u"--public-key"_s, publicKey()} + options
                           + QStringList{folder()},
                       now);
}
