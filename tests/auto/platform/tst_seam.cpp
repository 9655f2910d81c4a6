// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/exchange.h"
#include "platform/file.h"
#include "platform/fileattributes.h"
#include "platform/safefolder.h"
#include "platform/tree.h"
#include "tests/support/faultyfiles.h"
#include "tests/support/resultcheck.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace Freshen;
using Platform::FileCall;
using Kind = FileCall::Kind;

namespace fs = std::filesystem;

namespace {

struct Operation {
    const char *name;
    std::vector<Kind> kinds;
    std::function<Result<void>(const fs::path &folder)> run;
};

// Each in a folder with the file "file", the folder "full", the file "full/one" and the folder
// "empty".
const std::vector<Operation> operations = {
    {"durable write",
     {Kind::CreateFile, Kind::Write, Kind::SetMode, Kind::SyncFile, Kind::Rename, Kind::SyncFolder},
     [](const fs::path &folder) { return Platform::writeFileDurably(folder / "file", "new"); }},
    {"copy",
     {Kind::CreateFile, Kind::Write, Kind::SetMode, Kind::Close},
     [](const fs::path &folder) {
         return Platform::copyFile(folder / "file", folder / "copy", 0644);
     }},
    {"new folders",
     {Kind::MakeFolder, Kind::MakeFolder},
     [](const fs::path &folder) { return Platform::makeDirectories(folder / "a/b"); }},
    {"new folder",
     {Kind::MakeFolder},
     [](const fs::path &folder) { return Platform::makeDirectory(folder / "a"); }},
    {"rename",
     {Kind::Rename},
     [](const fs::path &folder) { return Platform::rename(folder / "file", folder / "a"); }},
    {"replacement",
     {Kind::Rename},
     [](const fs::path &folder) {
         return Platform::replaceFile(folder / "file", folder / "full/one");
     }},
    {"exchange",
     {Kind::Exchange},
     [](const fs::path &folder) { return Platform::exchange(folder / "full", folder / "empty"); }},
    {"second name",
     {Kind::HardLink},
     [](const fs::path &folder) { return Platform::keepAs(folder / "file", folder / "a"); }},
    {"link",
     {Kind::SymbolicLink},
     [](const fs::path &folder) { return Platform::makeLink("file", folder / "a"); }},
    {"mode of a folder",
     {Kind::SetMode},
     [](const fs::path &folder) { return Platform::setFolderMode(folder / "full", 0700); }},
    {"attributes",
     {Kind::SetAttribute, Kind::SetMode, Kind::SyncFile},
     [](const fs::path &folder) {
         auto attributes = Platform::fileAttributes(folder / "file");
         attributes->extended["user.note"] = "1";
         return Platform::applyAttributes(folder / "file", *attributes);
     }},
    {"removal of a file",
     {Kind::RemoveFile},
     [](const fs::path &folder) { return Platform::removeFile(folder / "file"); }},
    {"sync of a file",
     {Kind::SyncFile},
     [](const fs::path &folder) { return Platform::syncFile(folder / "file"); }},
    {"sync of a folder",
     {Kind::SyncFolder},
     [](const fs::path &folder) { return Platform::syncDirectory(folder); }},
    {"sync of the file system",
     {Kind::SyncFileSystem},
     [](const fs::path &folder) { return Platform::syncFileSystem(folder); }},
};

const Operation &operationNamed(const QString &name)
{
    return *std::find_if(operations.begin(), operations.end(), [&](const Operation &operation) {
        return QString::fromLatin1(operation.name) == name;
    });
}

std::vector<Kind> kindsOf(const FaultyFiles &files)
{
    std::vector<Kind> kinds;
    for (const DoneCall &call : files.calls())
        kinds.push_back(call.kind);
    return kinds;
}

} // namespace

class TestSeam : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void everyChangeIsTold_data();
    void everyChangeIsTold();
    void everyChangeCanFail_data();
    void everyChangeCanFail();
    void whatIsToldIsComplete();
    void treesAreRemovedThroughIt();
    void acc072_failedSyncIsFinal();
    void foldersCannotBeRenamed();
    void nobodyStaysThere();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_path;
};

void TestSeam::init()
{
    // Where files can have attributes; a file system in memory may know none.
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->path().toStdString();
    fs::create_directories(m_path / "full");
    fs::create_directories(m_path / "empty");
    std::ofstream(m_path / "file") << "old";
    std::ofstream(m_path / "full/one") << "one";
}

void TestSeam::everyChangeIsTold_data()
{
    QTest::addColumn<QString>("name");
    for (const Operation &operation : operations)
        QTest::newRow(operation.name) << QString::fromLatin1(operation.name);
}

void TestSeam::everyChangeIsTold()
{
    QFETCH(QString, name);
    const Operation &operation = operationNamed(name);
    const FaultyFiles files;
    VERIFY_RESULT(operation.run(m_path));
    QCOMPARE(kindsOf(files), operation.kinds);
}

void TestSeam::everyChangeCanFail_data()
{
    everyChangeIsTold_data();
}

void TestSeam::everyChangeCanFail()
{
    QFETCH(QString, name);
    const Operation &operation = operationNamed(name);
    for (int n = 1; n <= int(operation.kinds.size()); ++n) {
        init();
        const FaultyFiles files(nthFails(n, ENOSPC));
        VERIFY_ERROR(operation.run(m_path), ErrorCode::NO_SPACE);
        QCOMPARE(files.failures(), 1);
    }
}

void TestSeam::whatIsToldIsComplete()
{
    const FaultyFiles files;
    VERIFY_RESULT(Platform::writeFileDurably(m_path / "file", "new", 0640));
    const auto &calls = files.calls();
    QCOMPARE(calls.size(), std::size_t(6));
    const fs::path temporary = calls[0].path;
    QVERIFY(temporary.string().starts_with((m_path / "file.freshen-").string()));
    QVERIFY(!temporary.string().ends_with("XXXXXX"));
    QCOMPARE(calls[1].bytes, std::string("new"));
    QCOMPARE(calls[2].mode, 0640u);
    QCOMPARE(calls[4].path, temporary);
    QCOMPARE(calls[4].other, m_path / "file");
    QCOMPARE(calls[5].path, m_path);
}

void TestSeam::treesAreRemovedThroughIt()
{
    const FaultyFiles files;
    VERIFY_RESULT(Platform::removeTree(m_path / "full"));
    QCOMPARE(kindsOf(files), (std::vector{Kind::SetMode, Kind::RemoveFile, Kind::RemoveFolder}));
    QCOMPARE(files.calls()[1].path, m_path / "full/one");
    const FaultyFiles failing(everyFails(Kind::RemoveFolder, EBUSY));
    QVERIFY(!Platform::removeTree(m_path / "empty"));
    QVERIFY(fs::exists(m_path / "empty"));
}

// What a file system threw away after such an error would seem to be there at a second try.
void TestSeam::acc072_failedSyncIsFinal()
{
    const FaultyFiles files(nthFails(Kind::SyncFile, 1, EIO));
    VERIFY_ERROR(Platform::writeFileDurably(m_path / "file", "new"), ErrorCode::IO);
    for (const Kind kind : kindsOf(files))
        QVERIFY(kind != Kind::SyncFile);
    QCOMPARE(*Platform::readFile(m_path / "file"), std::string("old"));
    const auto entries = *Platform::listTree(m_path);
    QCOMPARE(entries.size(), std::size_t(4));
}

void TestSeam::foldersCannotBeRenamed()
{
    const FaultyFiles files(folderRenamesFail(EXDEV));
    QVERIFY(!Platform::rename(m_path / "full", m_path / "a"));
    VERIFY_ERROR(Platform::exchange(m_path / "full", m_path / "empty"), ErrorCode::NO_EXCHANGE);
    VERIFY_RESULT(Platform::rename(m_path / "file", m_path / "empty/file"));
}

void TestSeam::nobodyStaysThere()
{
    QCOMPARE(Platform::fileSeam(), nullptr);
    {
        FaultyFiles outer;
        {
            const FaultyFiles inner;
            QCOMPARE(Platform::fileSeam(), static_cast<const Platform::FileSeam *>(&inner));
        }
        QCOMPARE(Platform::fileSeam(), static_cast<Platform::FileSeam *>(&outer));
    }
    QCOMPARE(Platform::fileSeam(), nullptr);
}

QTEST_GUILESS_MAIN(TestSeam)
#include "tst_seam.moc"
