// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Which processes run an app that is a single file. Of folders, tst_process tells.

#include "platform/process.h"

#include "platform/exchange.h"
#include "tests/auto/platform/childprogram.h"
#include "tests/support/resultcheck.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace Freshen;
using ChildProgram::Pipe;
using ChildProgram::waitForEnd;
using Platform::Clock;
using Platform::Process;

namespace fs = std::filesystem;

class TestRunningProcesses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void singleFile();
    void fileThatWasReplaced();
    void appImage_data();
    void appImage();
    void endsAnAppImage();

private:
    // A program of its own, which runs until the pipe ends or it is ended.
    fs::path programAt(const std::string &name) const;
    Process start(const fs::path &program, const std::vector<std::string> &environment = {}) const;
    std::vector<int> idsOf(const fs::path &app) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;
    Pipe m_pipe;
};

void TestRunningProcesses::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_root = fs::canonical(m_folder->path().toStdString());
    m_pipe = Pipe::create();
}

fs::path TestRunningProcesses::programAt(const std::string &name) const
{
    const fs::path program = m_root / name;
    fs::create_directories(program.parent_path());
    fs::copy_file("/bin/sh", program);
    return program;
}

Process TestRunningProcesses::start(const fs::path &program,
                                    const std::vector<std::string> &environment) const
{
    Platform::StartRequest request;
    request.program = program;
    request.arguments = {"-c", "read line <&3"};
    request.environment = environment;
    request.descriptors = {m_pipe.readEnd.value()};
    auto started = Process::start(request);
    if (!started)
        qFatal("%s", started.error().message.c_str());
    return std::move(*started);
}

std::vector<int> TestRunningProcesses::idsOf(const fs::path &app) const
{
    std::vector<int> ids;
    for (const Platform::RunningProcess &process : Platform::processesRunningFrom(app))
        ids.push_back(process.id);
    return ids;
}

void TestRunningProcesses::singleFile()
{
    const fs::path app = programAt("tool");
    fs::create_symlink("tool", m_root / "alias");
    QVERIFY(idsOf(app).empty());
    Process running = start(app);
    Process other = start(programAt("tool-2"));
    QCOMPARE(idsOf(app), std::vector<int>{running.id()});
    QCOMPARE(idsOf(m_root / "alias"), std::vector<int>{running.id()});
    m_pipe.writeEnd.reset();
    QVERIFY(waitForEnd(running).has_value());
    QVERIFY(waitForEnd(other).has_value());
    QVERIFY(idsOf(app).empty());
}

// The old version runs on from a file that has no name any more.
void TestRunningProcesses::fileThatWasReplaced()
{
    const fs::path app = programAt("tool");
    Process old = start(app);
    VERIFY_RESULT(Platform::replaceFile(programAt("new"), app));
    QCOMPARE(idsOf(app), std::vector<int>{old.id()});
    fs::remove(app);
    QCOMPARE(idsOf(app), std::vector<int>{old.id()});
    m_pipe.writeEnd.reset();
    QVERIFY(waitForEnd(old).has_value());
}

void TestRunningProcesses::appImage_data()
{
    QTest::addColumn<QString>("image"); // what the process knows as its AppImage and its mount
    QTest::addColumn<QString>("mount");
    QTest::addColumn<bool>("isFound");
    QTest::newRow("its own") << "Notes.AppImage" << "mount" << true;
    QTest::newRow("another one") << "Other.AppImage" << "mount" << false;
    QTest::newRow("started by it") << "Notes.AppImage" << "elsewhere" << false;
    QTest::newRow("a name that goes on") << "Notes.AppImage" << "mou" << false;
    QTest::newRow("no mount") << "Notes.AppImage" << QString() << false;
    QTest::newRow("none") << QString() << QString() << false;
}

void TestRunningProcesses::appImage()
{
    QFETCH(QString, image);
    QFETCH(QString, mount);
    QFETCH(bool, isFound);
    const fs::path app = programAt("Notes.AppImage");
    std::vector<std::string> environment = {"LC_ALL=C"};
    if (!image.isEmpty())
        environment.push_back("APPIMAGE=" + (m_root / image.toStdString()).string());
    if (!mount.isEmpty())
        environment.push_back("APPDIR=" + (m_root / mount.toStdString()).string());
    Process mounted = start(programAt("mount/usr/bin/notes"), environment);
    QCOMPARE(idsOf(app), isFound ? std::vector<int>{mounted.id()} : std::vector<int>());
    m_pipe.writeEnd.reset();
    QVERIFY(waitForEnd(mounted).has_value());
}

void TestRunningProcesses::endsAnAppImage()
{
    const fs::path app = programAt("Notes.AppImage");
    Process runtime = start(app);
    Process mounted = start(programAt("mount/AppRun"),
                            {"APPIMAGE=" + app.string(), "APPDIR=" + (m_root / "mount").string()});
    Process bystander = start(programAt("bystander"));
    Platform::endProcesses(app, Clock::now() + std::chrono::minutes(1));
    QCOMPARE(waitForEnd(runtime), std::optional<int>(128 + SIGTERM));
    QCOMPARE(waitForEnd(mounted), std::optional<int>(128 + SIGTERM));
    QVERIFY(!bystander.exitCode().has_value());
    m_pipe.writeEnd.reset();
    QVERIFY(waitForEnd(bystander).has_value());
}

QTEST_GUILESS_MAIN(TestRunningProcesses)
#include "tst_runningprocesses.moc"
