// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/tree.h"

#include "platform/file.h"

#include "tests/support/resultcheck.h"
#include "tests/support/smalldisk.h"

#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace Freshen;
using Platform::EntryType;

namespace fs = std::filesystem;

class TestTree : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void listsEverything();
    void sortsByBytes();
    void visitsWhatIsWanted();
    void linksAreNotFollowed();
    void rootMustBeAFolder();
    void removesEverything();
    void removesASingleFile();
    void acc_h19_removeDoesNotFollowLinks();
    void removesClosedFolders();
    void deepNestingIsAnError();
    void mountPointsAreNotRemoved();

private:
    void write(const std::string &path);

    std::unique_ptr<QTemporaryDir> m_directory;
    fs::path m_root; // the tree
    fs::path m_outside; // something beside it that must stay
};

void TestTree::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    const fs::path parent = m_directory->path().toStdString();
    m_root = parent / "tree";
    m_outside = parent / "outside";
    VERIFY_RESULT(Platform::makeDirectory(m_root));
    VERIFY_RESULT(Platform::makeDirectory(m_outside));
    VERIFY_RESULT(Platform::writeFileDurably(m_outside / "treasure", "stays"));
}

void TestTree::write(const std::string &path)
{
    VERIFY_RESULT(Platform::makeDirectories((m_root / path).parent_path()));
    VERIFY_RESULT(Platform::writeFileDurably(m_root / path, path));
}

void TestTree::listsEverything()
{
    write("bin/app");
    QVERIFY(::chmod((m_root / "bin/app").c_str(), 0751) == 0);
    QVERIFY(::chmod((m_root / "bin").c_str(), 02755) == 0);
    fs::create_symlink("bin/app", m_root / "link");
    fs::create_symlink("nowhere/at all", m_root / "dangling");
    QVERIFY(::mkfifo((m_root / "pipe").c_str(), 0600) == 0);
    write(".hidden");
    const auto listed = Platform::listTree(m_root);
    VERIFY_RESULT(listed);
    QStringList lines;
    for (const Platform::TreeEntry &entry : *listed) {
        lines.append(
            QStringLiteral("%1 %2 %3 %4 %5")
                .arg(int(entry.type))
                .arg(entry.mode, 0, 8)
                .arg(entry.size)
                .arg(QString::fromStdString(entry.path), QString::fromStdString(entry.target)));
    }
    const auto line = [](EntryType type, const char *rest) {
        return QString::number(int(type)) + QLatin1Char(' ') + QString::fromLatin1(rest);
    };
    QCOMPARE(lines,
             (QStringList{
                 line(EntryType::File, "644 7 .hidden "),
                 line(EntryType::Directory, "2755 0 bin "),
                 line(EntryType::File, "751 7 bin/app "),
                 line(EntryType::Link, "777 0 dangling nowhere/at all"),
                 line(EntryType::Link, "777 0 link bin/app"),
                 line(EntryType::Other, "600 0 pipe "),
             }));
}

void TestTree::sortsByBytes()
{
    for (const char *path : {"lib/z", "lib-x", "lib.y", "lib0", "B", "a", "\xc3\xbc"})
        write(path);
    const auto listed = Platform::listTree(m_root);
    VERIFY_RESULT(listed);
    std::string paths;
    for (const Platform::TreeEntry &entry : *listed)
        paths += entry.path + ' ';
    QCOMPARE(paths, std::string("B a lib lib-x lib.y lib/z lib0 \xc3\xbc "));
}

void TestTree::visitsWhatIsWanted()
{
    write("in/file");
    write("out/file");
    QStringList visited;
    VERIFY_RESULT(Platform::visitTree(m_root, [&](const std::string &path, EntryType type) {
        visited.append(QString::fromStdString(path));
        return type == EntryType::Directory && path == "in";
    }));
    visited.sort();
    QCOMPARE(visited.join(QLatin1Char(' ')), QStringLiteral("in in/file out"));
}

void TestTree::linksAreNotFollowed()
{
    fs::create_directory_symlink(m_outside, m_root / "link");
    const auto listed = Platform::listTree(m_root);
    VERIFY_RESULT(listed);
    QCOMPARE(listed->size(), std::size_t(1));
    QCOMPARE(listed->front().type, EntryType::Link);
    QCOMPARE(listed->front().target, m_outside.string());
}

void TestTree::rootMustBeAFolder()
{
    write("file");
    fs::create_directory_symlink(m_outside, m_root / "link");
    const auto visitor = [](const std::string &, EntryType) { return true; };
    for (const char *name : {"file", "link", "none"}) {
        VERIFY_ERROR(Platform::listTree(m_root / name), ErrorCode::IO);
        VERIFY_ERROR(Platform::visitTree(m_root / name, visitor), ErrorCode::IO);
    }
}

void TestTree::removesEverything()
{
    write("a/b/c/d");
    write("a/b/e");
    write("f");
    QVERIFY(::mkfifo((m_root / "pipe").c_str(), 0600) == 0);
    VERIFY_RESULT(Platform::removeTree(m_root));
    QVERIFY(!fs::exists(m_root));
    VERIFY_RESULT(Platform::removeTree(m_root)); // is gone already
    QVERIFY(fs::exists(m_outside / "treasure"));
}

void TestTree::removesASingleFile()
{
    write("file");
    VERIFY_RESULT(Platform::removeTree(m_root / "file"));
    QVERIFY(!fs::exists(m_root / "file"));
    QVERIFY(fs::exists(m_root));
}

void TestTree::acc_h19_removeDoesNotFollowLinks()
{
    write("folder/file");
    fs::create_directory_symlink(m_outside, m_root / "folder/link");
    fs::create_directory_symlink("../outside", m_root / "relative");
    fs::create_symlink(m_outside / "treasure", m_root / "to the file");
    VERIFY_RESULT(Platform::removeTree(m_root));
    QVERIFY(!fs::exists(m_root));
    QVERIFY(fs::exists(m_outside / "treasure"));
    // The root itself may be a link: that alone goes.
    fs::create_directory_symlink(m_outside, m_root);
    VERIFY_RESULT(Platform::removeTree(m_root));
    QVERIFY(!fs::is_symlink(m_root));
    QVERIFY(fs::exists(m_outside / "treasure"));
}

void TestTree::removesClosedFolders()
{
    write("closed/below/file");
    QVERIFY(::chmod((m_root / "closed/below").c_str(), 0555) == 0);
    QVERIFY(::chmod((m_root / "closed").c_str(), 0) == 0);
    QVERIFY(::chmod(m_root.c_str(), 0500) == 0);
    VERIFY_RESULT(Platform::removeTree(m_root));
    QVERIFY(!fs::exists(m_root));
}

void TestTree::deepNestingIsAnError()
{
    fs::path path = m_root;
    for (int depth = 0; depth < 300; ++depth)
        path /= "d";
    VERIFY_RESULT(Platform::makeDirectories(path));
    VERIFY_ERROR(Platform::listTree(m_root), ErrorCode::IO);
    fs::remove_all(m_root);
}

void TestTree::mountPointsAreNotRemoved()
{
    write("file");
    const SmallDisk disk(QString::fromStdString((m_root / "disk").string()));
    if (!disk.isMounted())
        QSKIP("A file system of its own needs an administrator");
    VERIFY_RESULT(Platform::writeFileDurably(m_root / "disk/treasure", "stays"));
    QVERIFY(!Platform::removeTree(m_root));
    QVERIFY(fs::exists(m_root / "disk/treasure"));
}

QTEST_GUILESS_MAIN(TestTree)
#include "tst_tree.moc"
