// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/file.h"

#include "tests/support/resultcheck.h"
#include "tests/support/smalldisk.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Freshen;
using Platform::Descriptor;
using Platform::NewFile;

namespace fs = std::filesystem;

class TestFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void descriptorOwnsItsNumber();
    void errorsHaveCodes_data();
    void errorsHaveCodes();
    void readsWithLimit();
    void onlyFilesAreOpened();
    void readingStopsWhenAsked();
    void newFileIsNew();
    void newFileHasItsMode();
    void acc071_fullDisk();
    void durableWriteReplaces();
    void durableWriteLeavesNothingBehind();
    void copies();
    void removes();
    void makesFolders();
    void renames();
    void synchronises();
    void freeSpaceIsThatOfTheDisk();
    void writableFolder();
    void identity();

private:
    QStringList entries() const;

    std::unique_ptr<QTemporaryDir> m_directory;
    fs::path m_root;
};

namespace {

Platform::Bytes bytesOf(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()};
}

mode_t modeOf(const fs::path &path)
{
    struct stat status = {};
    return ::lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

bool isOpen(int fd)
{
    return ::fcntl(fd, F_GETFD) >= 0;
}

} // namespace

void TestFile::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_root = m_directory->path().toStdString();
}

QStringList TestFile::entries() const
{
    return QDir(m_directory->path())
        .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
}

void TestFile::descriptorOwnsItsNumber()
{
    const int number = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    {
        Descriptor first(number);
        QVERIFY(first.isOpen());
        Descriptor second(std::move(first));
        QCOMPARE(second.value(), number);
        Descriptor third;
        QVERIFY(!third.isOpen());
        third = std::move(second);
        QCOMPARE(third.value(), number);
        QVERIFY(isOpen(number));
    }
    QVERIFY(!isOpen(number));
    const int other = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    Descriptor released(other);
    QCOMPARE(released.release(), other);
    released.reset();
    QVERIFY(isOpen(other));
    ::close(other);
}

void TestFile::errorsHaveCodes_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("ENOSPC") << ENOSPC << QByteArray("NO_SPACE");
    QTest::newRow("EDQUOT") << EDQUOT << QByteArray("NO_SPACE");
    QTest::newRow("EACCES") << EACCES << QByteArray("NEEDS_RIGHTS");
    QTest::newRow("EPERM") << EPERM << QByteArray("NEEDS_RIGHTS");
    QTest::newRow("EROFS") << EROFS << QByteArray("NEEDS_RIGHTS");
    QTest::newRow("EIO") << EIO << QByteArray("IO");
    QTest::newRow("ENOENT") << ENOENT << QByteArray("IO");
}

void TestFile::errorsHaveCodes()
{
    QFETCH(int, number);
    QFETCH(QByteArray, code);
    const Error error = Platform::systemError("write", "/some/file", number);
    QCOMPARE(errorCodeName(error.code), std::string_view(code.constData()));
    QVERIFY(QString::fromStdString(error.message)
                .startsWith(QStringLiteral("Cannot write /some/file: ")));
}

void TestFile::readsWithLimit()
{
    VERIFY_RESULT(Platform::writeFileDurably(m_root / "file", "12345"));
    QCOMPARE(Platform::readFile(m_root / "file").value(), std::string("12345"));
    QCOMPARE(Platform::readFile(m_root / "file", 5).value(), std::string("12345"));
    VERIFY_ERROR(Platform::readFile(m_root / "file", 4), ErrorCode::SIZE);
    VERIFY_ERROR(Platform::readFile(m_root / "none"), ErrorCode::IO);
}

void TestFile::onlyFilesAreOpened()
{
    VERIFY_RESULT(Platform::writeFileDurably(m_root / "file", "content"));
    fs::create_symlink("file", m_root / "link");
    QVERIFY(::mkfifo((m_root / "pipe").c_str(), 0600) == 0);
    VERIFY_RESULT(Platform::openForReading(m_root / "file"));
    VERIFY_ERROR(Platform::openForReading(m_root / "link"), ErrorCode::IO);
    VERIFY_ERROR(Platform::openForReading(m_root / "pipe"), ErrorCode::IO);
    VERIFY_ERROR(Platform::openForReading(m_root), ErrorCode::IO);
    VERIFY_ERROR(Platform::openForReading("/dev/null"), ErrorCode::IO);
}

void TestFile::readingStopsWhenAsked()
{
    const std::string content(3'000'000, 'x');
    VERIFY_RESULT(Platform::writeFileDurably(m_root / "file", content));
    const auto file = Platform::openForReading(m_root / "file");
    VERIFY_RESULT(file);
    std::size_t first = 0;
    VERIFY_RESULT(Platform::readBlocks(*file, [&](Platform::Bytes bytes) {
        first += bytes.size();
        return false;
    }));
    std::size_t rest = 0;
    VERIFY_RESULT(Platform::readBlocks(*file, [&](Platform::Bytes bytes) {
        rest += bytes.size();
        return true;
    }));
    QVERIFY(first > 0 && first < content.size());
    QCOMPARE(first + rest, content.size());
}

void TestFile::newFileIsNew()
{
    VERIFY_RESULT(Platform::writeFileDurably(m_root / "there", "mine"));
    fs::create_symlink("elsewhere", m_root / "dangling");
    VERIFY_ERROR(NewFile::create(m_root / "there"), ErrorCode::IO);
    VERIFY_ERROR(NewFile::create(m_root / "dangling"), ErrorCode::IO);
    VERIFY_ERROR(NewFile::create(m_root / "no/folder"), ErrorCode::IO);
    QCOMPARE(Platform::readFile(m_root / "there").value(), std::string("mine"));
    QVERIFY(!fs::exists(m_root / "elsewhere"));
}

void TestFile::newFileHasItsMode()
{
    const mode_t before = ::umask(0077);
    for (const std::uint32_t mode : {0644u, 0755u, 0444u, 0600u}) {
        const fs::path path = m_root / std::to_string(mode);
        auto file = NewFile::create(path);
        VERIFY_RESULT(file);
        QCOMPARE(modeOf(path), mode_t(0600));
        VERIFY_RESULT(file->write(bytesOf("some ")));
        VERIFY_RESULT(file->write({}));
        VERIFY_RESULT(file->write(bytesOf("bytes")));
        VERIFY_RESULT(file->finish(mode, true));
        QCOMPARE(modeOf(path), mode_t(mode));
        QCOMPARE(Platform::readFile(path).value(), std::string("some bytes"));
    }
    ::umask(before);
}

void TestFile::acc071_fullDisk()
{
    const SmallDisk disk(m_directory->filePath(QStringLiteral("disk")));
    if (!disk.isMounted())
        QSKIP("A file system of its own needs an administrator");
    const std::string content(2 << 20, 'x');
    {
        auto file = NewFile::create(m_root / "disk/file");
        VERIFY_RESULT(file);
        VERIFY_ERROR(file->write(bytesOf(content)), ErrorCode::NO_SPACE);
    }
    VERIFY_RESULT(Platform::removeFile(m_root / "disk/file"));
    VERIFY_RESULT(Platform::writeFileDurably(m_root / "disk/state", "old"));
    VERIFY_ERROR(Platform::writeFileDurably(m_root / "disk/state", content), ErrorCode::NO_SPACE);
    QCOMPARE(Platform::readFile(m_root / "disk/state").value(), std::string("old"));
    QCOMPARE(QDir(m_directory->filePath(QStringLiteral("disk"))).entryList(QDir::Files).size(), 1);
    VERIFY_RESULT(Platform::writeFileDurably(m_root / "large", content));
    VERIFY_ERROR(Platform::copyFile(m_root / "large", m_root / "disk/copy", 0644),
                 ErrorCode::NO_SPACE);
}

void TestFile::durableWriteReplaces()
{
    const fs::path path = m_root / "state";
    VERIFY_RESULT(Platform::writeFileDurably(path, "one", 0600));
    QCOMPARE(modeOf(path), mode_t(0600));
    const std::string before = Platform::identityOf(path);
    VERIFY_RESULT(Platform::writeFileDurably(path, "two"));
    QCOMPARE(Platform::readFile(path).value(), std::string("two"));
    QCOMPARE(modeOf(path), mode_t(0644));
    // A new file took the name: who had opened the old one still reads the old content.
    QVERIFY(Platform::identityOf(path) != before);
    QCOMPARE(entries(), QStringList{QStringLiteral("state")});
}

void TestFile::durableWriteLeavesNothingBehind()
{
    VERIFY_ERROR(Platform::writeFileDurably(m_root / "no/file", "x"), ErrorCode::IO);
    // A folder cannot be replaced by a file.
    VERIFY_RESULT(Platform::makeDirectory(m_root / "folder"));
    VERIFY_ERROR(Platform::writeFileDurably(m_root / "folder", "x"), ErrorCode::IO);
    QCOMPARE(entries(), QStringList{QStringLiteral("folder")});
}

void TestFile::copies()
{
    const std::string content(700'000, 'c');
    VERIFY_RESULT(Platform::writeFileDurably(m_root / "from", content, 0600));
    VERIFY_RESULT(Platform::copyFile(m_root / "from", m_root / "to", 0755));
    QCOMPARE(Platform::readFile(m_root / "to").value(), content);
    QCOMPARE(modeOf(m_root / "to"), mode_t(0755));
    VERIFY_ERROR(Platform::copyFile(m_root / "from", m_root / "to", 0755), ErrorCode::IO);
    VERIFY_ERROR(Platform::copyFile(m_root / "none", m_root / "other", 0755), ErrorCode::IO);
    QVERIFY(!fs::exists(m_root / "other"));
}

void TestFile::removes()
{
    VERIFY_RESULT(Platform::writeFileDurably(m_root / "file", "x"));
    fs::create_symlink("file", m_root / "link");
    VERIFY_RESULT(Platform::removeFile(m_root / "link"));
    QVERIFY(fs::exists(m_root / "file"));
    VERIFY_RESULT(Platform::removeFile(m_root / "file"));
    VERIFY_RESULT(Platform::removeFile(m_root / "file"));
    QCOMPARE(entries(), QStringList());
    QVERIFY(!Platform::removeFile(m_root));
}

void TestFile::makesFolders()
{
    VERIFY_RESULT(Platform::makeDirectory(m_root / "one", 0700));
    QCOMPARE(modeOf(m_root / "one"), mode_t(0700));
    VERIFY_ERROR(Platform::makeDirectory(m_root / "one"), ErrorCode::IO);
    VERIFY_ERROR(Platform::makeDirectory(m_root / "two/three"), ErrorCode::IO);
    VERIFY_RESULT(Platform::makeDirectories(m_root / "two/three"));
    VERIFY_RESULT(Platform::makeDirectories(m_root / "two/three"));
    QVERIFY(fs::is_directory(m_root / "two/three"));
    VERIFY_RESULT(Platform::writeFileDurably(m_root / "file", "x"));
    QVERIFY(!Platform::makeDirectories(m_root / "file/below"));
}

void TestFile::renames()
{
    VERIFY_RESULT(Platform::makeDirectories(m_root / "from/below"));
    VERIFY_RESULT(Platform::rename(m_root / "from", m_root / "to"));
    QVERIFY(fs::is_directory(m_root / "to/below"));
    VERIFY_ERROR(Platform::rename(m_root / "from", m_root / "to"), ErrorCode::IO);
    VERIFY_RESULT(Platform::makeDirectory(m_root / "other"));
    VERIFY_ERROR(Platform::rename(m_root / "other", m_root / "to"), ErrorCode::IO);
    QVERIFY(fs::is_directory(m_root / "to/below"));
}

void TestFile::synchronises()
{
    VERIFY_RESULT(Platform::syncDirectory(m_root));
    VERIFY_RESULT(Platform::syncFileSystem(m_root));
    VERIFY_ERROR(Platform::syncDirectory(m_root / "none"), ErrorCode::IO);
    VERIFY_ERROR(Platform::syncFileSystem(m_root / "none"), ErrorCode::IO);
}

void TestFile::freeSpaceIsThatOfTheDisk()
{
    VERIFY_ERROR(Platform::freeSpace(m_root / "none"), ErrorCode::IO);
    QVERIFY(Platform::freeSpace(m_root).value() > 0);
    const SmallDisk disk(m_directory->filePath(QStringLiteral("disk")));
    if (!disk.isMounted())
        QSKIP("A file system of its own needs an administrator");
    const auto before = Platform::freeSpace(m_root / "disk");
    VERIFY_RESULT(before);
    QCOMPARE(*before, std::uint64_t(1 << 20));
    VERIFY_RESULT(Platform::writeFileDurably(m_root / "disk/file", std::string(100'000, 'x')));
    QVERIFY(Platform::freeSpace(m_root / "disk").value() <= *before - 100'000);
}

void TestFile::writableFolder()
{
    QVERIFY(Platform::isWritableDirectory(m_root));
    QVERIFY(!Platform::isWritableDirectory(m_root / "none"));
    if (::geteuid() == 0)
        QSKIP("An administrator may write everywhere");
    QVERIFY(!Platform::isWritableDirectory("/"));
    VERIFY_ERROR(NewFile::create("/freshen-test"), ErrorCode::NEEDS_RIGHTS);
}

void TestFile::identity()
{
    VERIFY_RESULT(Platform::writeFileDurably(m_root / "one", "x"));
    VERIFY_RESULT(Platform::writeFileDurably(m_root / "two", "x"));
    const std::string one = Platform::identityOf(m_root / "one");
    QVERIFY(!one.empty());
    QVERIFY(one != Platform::identityOf(m_root / "two"));
    VERIFY_RESULT(Platform::rename(m_root / "one", m_root / "moved"));
    QCOMPARE(Platform::identityOf(m_root / "moved"), one);
    QCOMPARE(Platform::identityOf(m_root / "one"), std::string());
}

QTEST_GUILESS_MAIN(TestFile)
#include "tst_file.moc"
