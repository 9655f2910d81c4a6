// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/privatesystem.h"

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

} // namespace Freshen::PrivateSystem
