// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/linkedshop.h"

#include "lib/common/convert.h"
#include "platform/lock.h"
#include "platform/process.h"

#include <QDir>
#include <QFile>

#include <sys/stat.h>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

void copyProgram(const QString &from, const QString &to)
{
    QFile::remove(to);
    QDir().mkpath(QFileInfo(to).path());
    if (!QFile::copy(from, to) || !QFile::setPermissions(to, QFile::Permissions(0x7755)))
        qFatal("Cannot copy %s", qPrintable(from));
}

} // namespace

LinkedShop::LinkedShop(const QStringList &optionsOfNew)
{
    environment[u"SAMPLE_TROUBLE"_s] = path(u"trouble"_s);
    environment[u"XDG_RUNTIME_DIR"_s] = path(u"home/run"_s);
    releaseLinked(u"1.0"_s);
    packOptions = optionsOfNew;
    releaseLinked(u"2.0"_s, u"fragile"_s);
    packOptions.clear();
    reinstall();
}

LinkedShop::~LinkedShop()
{
    endApp();
}

void LinkedShop::reinstall()
{
    endApp();
    for (const QString &folder : {u"apps"_s, u"home"_s}) {
        QDir(path(folder)).removeRecursively();
        QDir().mkpath(path(folder));
    }
    QFile::remove(path(u"starts"_s));
    setTrouble({});
    install(u"1.0"_s);
}

void LinkedShop::releaseLinked(const QString &version, const QString &behaviour)
{
    const QString tree = makeTree(version, behaviour);
    copyProgram(QStringLiteral(FRESHEN_LINKED_APP), tree + u"/bin/sample"_s);
    copyProgram(QStringLiteral(FRESHEN_HELPER), tree + u"/libexec/freshen-helper"_s);
    publish(version, tree);
}

void LinkedShop::setTrouble(const QByteArray &trouble) const
{
    QFile::remove(path(u"trouble"_s));
    writeAll(path(u"trouble"_s), trouble);
}

void LinkedShop::delayTrouble() const
{
    QFile::remove(path(u"trouble"_s));
    if (::mkfifo(path(u"trouble"_s).toLocal8Bit().constData(), 0600) != 0)
        qFatal("Cannot make a pipe");
}

void LinkedShop::endDelay(const QByteArray &trouble) const
{
    // Opening it waits for the one that reads; closing it is the end of what is read.
    QFile pipe(path(u"trouble"_s));
    if (!pipe.open(QIODevice::WriteOnly) || pipe.write(trouble) != trouble.size())
        qFatal("Nobody waits");
    pipe.close();
    setTrouble({});
}

QJsonObject LinkedShop::status()
{
    return freshen(u"status"_s).json;
}

bool LinkedShop::isFree() const
{
    return Platform::lockFile(toPath(control() + u"/lock"_s)).has_value();
}

int LinkedShop::runningApps() const
{
    return int(Platform::processesRunningFrom(toPath(app())).size());
}

} // namespace Freshen
