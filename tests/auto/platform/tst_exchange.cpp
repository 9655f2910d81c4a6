// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/exchange.h"

#include "platform/file.h"

#include "tests/support/resultcheck.h"
#include "tests/support/smalldisk.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Freshen;

namespace fs = std::filesystem;

class TestExchange : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void foldersChangePlaces();
    void filesAndFoldersMayMix();
    void bothMustExist();
    void otherFileSystem();
    void checkLeavesNothing();
    void checkTellsWhy();

private:
    std::unique_ptr<QTemporaryDir> m_directory;
    fs::path m_root;
};

void TestExchange::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_root = m_directory->path().toStdString();
    for (const char *name : {"one", "two"}) {
        VERIFY_RESULT(Platform::makeDirectory(m_root / name));
        VERIFY_RESULT(Platform::writeFileDurably(m_root / name / "name", name));
    }
}

void TestExchange::foldersChangePlaces()
{
    const std::string one = Platform::identityOf(m_root / "one");
    VERIFY_RESULT(Platform::exchange(m_root / "one", m_root / "two"));
    QCOMPARE(Platform::readFile(m_root / "one/name").value(), std::string("two"));
    QCOMPARE(Platform::readFile(m_root / "two/name").value(), std::string("one"));
    QCOMPARE(Platform::identityOf(m_root / "two"), one);
    VERIFY_RESULT(Platform::exchange(m_root / "one", m_root / "two"));
    QCOMPARE(Platform::readFile(m_root / "one/name").value(), std::string("one"));
}

void TestExchange::filesAndFoldersMayMix()
{
    VERIFY_RESULT(Platform::writeFileDurably(m_root / "file", "a file"));
    VERIFY_RESULT(Platform::exchange(m_root / "file", m_root / "one"));
    QCOMPARE(Platform::readFile(m_root / "one").value(), std::string("a file"));
    QCOMPARE(Platform::readFile(m_root / "file/name").value(), std::string("one"));
}

void TestExchange::bothMustExist()
{
    VERIFY_ERROR(Platform::exchange(m_root / "one", m_root / "none"), ErrorCode::IO);
    VERIFY_ERROR(Platform::exchange(m_root / "none", m_root / "one"), ErrorCode::IO);
    QCOMPARE(Platform::readFile(m_root / "one/name").value(), std::string("one"));
}

void TestExchange::otherFileSystem()
{
    const SmallDisk disk(m_directory->filePath(QStringLiteral("disk")));
    if (!disk.isMounted())
        QSKIP("A file system of its own needs an administrator");
    VERIFY_RESULT(Platform::makeDirectory(m_root / "disk/three"));
    VERIFY_ERROR(Platform::exchange(m_root / "one", m_root / "disk/three"), ErrorCode::NO_EXCHANGE);
    QCOMPARE(Platform::readFile(m_root / "one/name").value(), std::string("one"));
}

void TestExchange::checkLeavesNothing()
{
    VERIFY_RESULT(Platform::checkExchange(m_root / "one"));
    const fs::directory_iterator entries(m_root / "one");
    QCOMPARE(std::distance(begin(entries), end(entries)), 1);
}

void TestExchange::checkTellsWhy()
{
    VERIFY_ERROR(Platform::checkExchange(m_root / "one/name"), ErrorCode::IO);
    // Nothing can be made there.
    QVERIFY(!Platform::checkExchange("/proc"));
}

QTEST_GUILESS_MAIN(TestExchange)
#include "tst_exchange.moc"
