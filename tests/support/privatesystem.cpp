// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/privatesystem.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace Freshen::PrivateSystem {

namespace {

namespace fs = std::filesystem;

constexpr const char *mark = "FRESHEN_PRIVATE_SYSTEM";

bool mountEmpty(const fs::path &folder)
{
    std::error_code error;
    fs::create_directories(folder, error);
    return ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "mode=0755") == 0;
}

// The folder's own content, in a place of its own.
bool mountCopy(const fs::path &folder, const fs::path &shelf)
{
    std::error_code error;
    fs::create_directories(folder, error);
    const std::string command = "cp -a '" + folder.string() + "' '" + shelf.string() + "'";
    const fs::path copy = shelf / folder.filename();
    return std::system(command.c_str()) == 0
        && ::mount(copy.c_str(), folder.c_str(), nullptr, MS_BIND, nullptr) == 0;
}

bool build()
{
    const bool isPrivate = ::unshare(CLONE_NEWNS) == 0
        && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    if (!isPrivate || !mountEmpty("/mnt") || !mountEmpty("/opt") || !mountEmpty("/run")
        || !mountEmpty("/var/lib") || !mountCopy("/etc", "/mnt")
        || !mountCopy("/usr/share/polkit-1", "/mnt"))
        return false;
    std::ofstream("/etc/passwd", std::ios::app) << "tester:x:4242:4242::/opt/home:/bin/sh\n"
                                                   "other:x:4244:4244::/opt:/bin/sh\n";
    std::ofstream("/etc/group", std::ios::app) << "tester:x:4242:\nextras:x:4243:tester\n"
                                                  "other:x:4244:\n";
    std::error_code error;
    fs::create_directories("/opt/home", error);
    fs::create_directories("/opt/work", error);
    return ::chown("/opt/home", tester, tester) == 0;
}

} // namespace

void enter(char **argv)
{
    ::umask(022);
    if (isInside() || ::geteuid() != 0 || !build())
        return;
    ::setenv(mark, "1", 1);
    // Temporary folders of tests: in a place that only the administrator can write.
    ::setenv("TMPDIR", "/opt/work", 1);
    ::execv("/proc/self/exe", argv);
}

bool isInside()
{
    return std::getenv(mark) != nullptr;
}

QStringList asUser(unsigned user)
{
    const QString id = QString::number(user);
    const QString groups = user == tester ? id + u",%1"_s.arg(extras) : id;
    return {u"/usr/bin/setpriv"_s, u"--reuid"_s, id, u"--regid"_s, id, u"--groups"_s, groups};
}

QString programs()
{
    return u"/opt/freshen"_s;
}

void copyProgram(const QString &from, const QString &to)
{
    QDir().mkpath(QFileInfo(to).path());
    QFile::remove(to);
    if (!QFile::copy(from, to) || ::chmod(qPrintable(to), 0755) != 0)
        qFatal("cannot copy %s", qPrintable(from));
}

void installPrograms()
{
    const QString program = QStringLiteral(FRESHEN_BUILD_BIN "/freshen");
    copyProgram(program, programs() + u"/bin/freshen"_s);
    copyProgram(QStringLiteral(FRESHEN_BUILD_BIN "/../libexec/freshen-helper"),
                programs() + u"/libexec/freshen-helper"_s);
    QProcess ldd;
    ldd.start(u"ldd"_s, {program});
    ldd.waitForFinished();
    static const QRegularExpression needed(u"=> ((?!/lib|/usr/lib)/\\S+)"_s);
    QDir().mkpath(programs() + u"/lib"_s);
    auto found = needed.globalMatch(QString::fromUtf8(ldd.readAllStandardOutput()));
    while (found.hasNext()) {
        const QString library = found.next().captured(1);
        copyProgram(library, programs() + u"/lib/"_s + QFileInfo(library).fileName());
    }
}

} // namespace Freshen::PrivateSystem
