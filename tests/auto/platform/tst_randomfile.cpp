// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/randomfile.h"

#include "platform/boot.h"
#include "tests/support/resultcheck.h"
#include "tests/support/smalldisk.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Platform::RandomFile;

namespace {

Platform::Bytes bytesOf(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()};
}

} // namespace

class TestRandomFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void writesInAnyOrder();
    void goesOn();
    void isForItsUserAlone();
    void refusesWhatIsNoFile_data();
    void refusesWhatIsNoFile();
    void hasOneUserAtATime();
    void endsTooEarly();
    void reservesRoom();
    void acc071_fullDisk();
    void bootIsTheSameAllTheTime();

private:
    QString path(const QString &name = u"file"_s) const { return m_folder->filePath(name); }
    Result<RandomFile> open(const QString &name = u"file"_s) const
    {
        return RandomFile::open(path(name).toStdString());
    }
    QByteArray content() const
    {
        QFile file(path());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestRandomFile::writesInAnyOrder()
{
    auto file = open();
    VERIFY_RESULT(file);
    VERIFY_RESULT(file->write(6, bytesOf("world")));
    VERIFY_RESULT(file->write(0, bytesOf("hello ")));
    QCOMPARE(content(), "hello world");
    QCOMPARE(*file->size(), 11u);
    std::array<std::uint8_t, 5> bytes{};
    VERIFY_RESULT(file->read(6, bytes));
    QCOMPARE(QByteArray(reinterpret_cast<const char *>(bytes.data()), 5), "world");
    VERIFY_RESULT(file->resize(5));
    QCOMPARE(content(), "hello");
    VERIFY_RESULT(file->sync());
}

void TestRandomFile::goesOn()
{
    VERIFY_RESULT(open()->write(0, bytesOf("one two")));
    auto file = open();
    VERIFY_RESULT(file);
    VERIFY_RESULT(file->write(4, bytesOf("three")));
    QCOMPARE(content(), "one three");
}

void TestRandomFile::isForItsUserAlone()
{
    VERIFY_RESULT(open());
    QCOMPARE(QFile::permissions(path()) & QFile::Permissions(0x77), QFile::Permissions());
}

void TestRandomFile::refusesWhatIsNoFile_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"folder", "link", "fifo", "missing/file"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

// Nor does it wait for somebody at the other end.
void TestRandomFile::refusesWhatIsNoFile()
{
    QFETCH(QString, name);
    QVERIFY(QDir().mkpath(path(u"folder"_s)));
    QVERIFY(QFile::link(path(u"target"_s), path(u"link"_s)));
    QCOMPARE(::mkfifo(path(u"fifo"_s).toLocal8Bit().constData(), 0600), 0);
    VERIFY_ERROR(open(name), ErrorCode::IO);
    QVERIFY(!QFile::exists(path(u"target"_s)));
}

void TestRandomFile::hasOneUserAtATime()
{
    auto file = open();
    VERIFY_RESULT(file);
    VERIFY_ERROR(open(), ErrorCode::BUSY);
    file->close();
    VERIFY_RESULT(open());
}

void TestRandomFile::endsTooEarly()
{
    auto file = open();
    VERIFY_RESULT(file->write(0, bytesOf("short")));
    std::array<std::uint8_t, 6> bytes{};
    VERIFY_ERROR(file->read(0, bytes), ErrorCode::IO);
}

void TestRandomFile::reservesRoom()
{
    auto file = open();
    VERIFY_RESULT(file->write(0, bytesOf("content")));
    VERIFY_RESULT(file->reserve(0));
    VERIFY_RESULT(file->reserve(1 << 20));
    QVERIFY(content().startsWith("content"));
    struct stat status = {};
    QCOMPARE(::stat(path().toLocal8Bit().constData(), &status), 0);
    QVERIFY(status.st_blocks * 512 >= 1 << 20);
}

void TestRandomFile::acc071_fullDisk()
{
    const SmallDisk disk(path(u"disk"_s));
    if (!disk.isMounted())
        QSKIP("only an administrator can mount a small disk");
    auto file = open(u"disk/file"_s);
    VERIFY_RESULT(file);
    VERIFY_ERROR(file->reserve(8 << 20), ErrorCode::NO_SPACE);
    VERIFY_ERROR(file->write(0, bytesOf(std::string(4 << 20, 'x'))), ErrorCode::NO_SPACE);
}

void TestRandomFile::bootIsTheSameAllTheTime()
{
    QVERIFY(!Platform::bootId().empty());
    QCOMPARE(Platform::bootId(), Platform::bootId());
    QCOMPARE(Platform::bootId().find('\n'), std::string::npos);
}

QTEST_GUILESS_MAIN(TestRandomFile)
#include "tst_randomfile.moc"
