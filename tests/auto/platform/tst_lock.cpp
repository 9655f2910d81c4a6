// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/lock.h"

#include "tests/auto/platform/childprogram.h"
#include "tests/support/resultcheck.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Freshen;

class TestLock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void secondOpenFileIsBusy();
    void isGivenUpWhenClosed();
    void isHeldByHeirs();
    void linkIsRefused();
    void missingFolder();

private:
    QTemporaryDir m_directory;
    const std::filesystem::path m_file = m_directory.filePath(QStringLiteral("lock")).toStdString();
};

void TestLock::secondOpenFileIsBusy()
{
    const auto first = Platform::lockFile(m_file);
    VERIFY_RESULT(first);
    VERIFY_ERROR(Platform::lockFile(m_file), ErrorCode::BUSY);
    const auto other = Platform::lockFile(m_file.string() + "2");
    VERIFY_RESULT(other);
}

void TestLock::isGivenUpWhenClosed()
{
    auto lock = Platform::lockFile(m_file);
    VERIFY_RESULT(lock);
    // Another open file that is closed does not give it up, as the locks of a process would.
    VERIFY_RESULT(Platform::readFile(m_file));
    VERIFY_ERROR(Platform::lockFile(m_file), ErrorCode::BUSY);
    lock->reset();
    VERIFY_RESULT(Platform::lockFile(m_file));
}

void TestLock::isHeldByHeirs()
{
    auto lock = Platform::lockFile(m_file);
    VERIFY_RESULT(lock);
    auto pipe = ChildProgram::Pipe::create();
    auto request = ChildProgram::request({"wait"});
    request.descriptors = {pipe.readEnd.value(), lock->value()};
    auto child = Platform::Process::start(request);
    VERIFY_RESULT(child);
    lock->reset();
    VERIFY_ERROR(Platform::lockFile(m_file), ErrorCode::BUSY);
    child->kill();
    QCOMPARE(ChildProgram::waitForEnd(*child), std::optional<int>(128 + 9));
    VERIFY_RESULT(Platform::lockFile(m_file));
}

void TestLock::linkIsRefused()
{
    const std::filesystem::path link = m_file.string() + "-link";
    std::filesystem::create_symlink("elsewhere", link);
    VERIFY_ERROR(Platform::lockFile(link), ErrorCode::IO);
    QVERIFY(!std::filesystem::exists(link.parent_path() / "elsewhere"));
}

void TestLock::missingFolder()
{
    VERIFY_ERROR(Platform::lockFile(m_file.parent_path() / "none/lock"), ErrorCode::IO);
}

int main(int argc, char **argv)
{
    if (const auto code = ChildProgram::run(argc, argv))
        return *code;
    TestLock test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_lock.moc"
