// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/paths.h"

#include <QCoreApplication>
#include <QSysInfo>
#include <QTest>

#include <unistd.h>

using namespace Freshen;

namespace fs = std::filesystem;

class TestPaths : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void executable();
    void perUserFolders();
    void runtimeFolder();
    void relativeValuesAreIgnored();
    void names();
};

void TestPaths::executable()
{
    QCOMPARE(QString::fromStdString(Platform::executablePath().string()),
             QCoreApplication::applicationFilePath());
}

void TestPaths::perUserFolders()
{
    qputenv("HOME", "/home/somebody");
    qunsetenv("XDG_STATE_HOME");
    qunsetenv("XDG_CACHE_HOME");
    QCOMPARE(Platform::stateDirectory(), fs::path("/home/somebody/.local/state/freshen"));
    QCOMPARE(Platform::cacheDirectory(), fs::path("/home/somebody/.cache/freshen"));
    qputenv("XDG_STATE_HOME", "/state");
    qputenv("XDG_CACHE_HOME", "/cache");
    QCOMPARE(Platform::stateDirectory(), fs::path("/state/freshen"));
    QCOMPARE(Platform::cacheDirectory(), fs::path("/cache/freshen"));
}

void TestPaths::runtimeFolder()
{
    qputenv("XDG_RUNTIME_DIR", "/run/user/7");
    QCOMPARE(Platform::runtimeDirectory(), fs::path("/run/user/7/freshen"));
    // A service has no session.
    qunsetenv("XDG_RUNTIME_DIR");
    if (::geteuid() == 0)
        QCOMPARE(Platform::runtimeDirectory(), fs::path("/run/freshen"));
    else
        QVERIFY(Platform::runtimeDirectory().is_absolute());
}

void TestPaths::relativeValuesAreIgnored()
{
    qputenv("HOME", "/home/somebody");
    qputenv("XDG_STATE_HOME", "state");
    qputenv("XDG_CACHE_HOME", "");
    QCOMPARE(Platform::stateDirectory(), fs::path("/home/somebody/.local/state/freshen"));
    QCOMPARE(Platform::cacheDirectory(), fs::path("/home/somebody/.cache/freshen"));
    qputenv("HOME", "somewhere");
    QVERIFY(Platform::stateDirectory().is_absolute());
    qunsetenv("HOME");
    QVERIFY(Platform::stateDirectory().is_absolute());
}

void TestPaths::names()
{
    QCOMPARE(Platform::systemName(), std::string_view("linux"));
    const QString processor = QSysInfo::buildCpuArchitecture();
    const QString name = QString::fromLatin1(Platform::processorName().data());
    QCOMPARE(name, processor == QLatin1String("i386") ? QStringLiteral("x86") : processor);
}

QTEST_GUILESS_MAIN(TestPaths)
#include "tst_paths.moc"
