// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/treecheck.h"

#include "updater-helper/trust/digest.h"

#include "tests/support/resultcheck.h"

#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Freshen;
using Platform::EntryType;
using Trust::Manifest;
using Trust::Problem;
using Trust::UnknownFiles;

namespace fs = std::filesystem;

// A tree that is as its manifest says, and each way in which it may differ.
class TestTreeCheck : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void sameTree();
    void differences_data();
    void differences();
    void severalDifferences();
    void unknownFilesBelongToTheUser();
    void windowsHasNoModes();
    void nothingIsReadThroughLinks();
    void progressAndCancel();
    void missingTree();
    void problemNames();

private:
    void add(EntryType type, const std::string &path, const std::string &content = {});
    void write(const std::string &path, const std::string &content, std::uint32_t mode = 0644);
    QStringList found(UnknownFiles unknown = UnknownFiles::AreDifferences);

    std::unique_ptr<QTemporaryDir> m_directory;
    fs::path m_root;
    Manifest m_manifest;
};

void TestTreeCheck::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_root = fs::path(m_directory->path().toStdString()) / "tree";
    m_manifest = {};
    m_manifest.os = "linux";
    VERIFY_RESULT(Platform::makeDirectory(m_root));
    add(EntryType::Directory, "bin");
    add(EntryType::File, "bin/app", "program");
    add(EntryType::Directory, "empty");
    add(EntryType::File, "file", "content");
    add(EntryType::Link, "link", "bin/app");
    add(EntryType::File, "nothing");
}

// To the manifest and to the disk. `content` is a link's target.
void TestTreeCheck::add(EntryType type, const std::string &path, const std::string &content)
{
    Trust::ManifestEntry entry;
    entry.type = type;
    entry.path = path;
    if (type == EntryType::Directory) {
        entry.mode = 0755;
        fs::create_directory(m_root / path);
        QVERIFY(::chmod((m_root / path).c_str(), 0755) == 0);
    } else if (type == EntryType::Link) {
        entry.target = content;
        fs::create_symlink(content, m_root / path);
    } else {
        entry.size = content.size();
        entry.sha256 = Trust::sha256Hex(content);
        write(path, content);
    }
    m_manifest.entries.push_back(entry);
}

void TestTreeCheck::write(const std::string &path, const std::string &content, std::uint32_t mode)
{
    fs::remove(m_root / path);
    VERIFY_RESULT(Platform::writeFileDurably(m_root / path, content, mode));
}

QStringList TestTreeCheck::found(UnknownFiles unknown)
{
    const auto differences = Trust::compareTree(m_root, m_manifest, unknown);
    if (!differences)
        return {QString::fromStdString(differences.error().message)};
    QStringList lines;
    for (const Trust::Difference &difference : *differences) {
        const std::string problem(Trust::problemName(difference.problem));
        lines.append(QString::fromStdString(problem + ' ' + difference.path));
    }
    return lines;
}

void TestTreeCheck::sameTree()
{
    QCOMPARE(found(), QStringList());
    VERIFY_RESULT(Trust::requireTree(m_root, m_manifest));
    write("freshen.manifest", "the manifest itself");
    write("freshen.manifest.minisig", "and its signature");
    QCOMPARE(found(), QStringList());
    VERIFY_RESULT(Trust::requireTree(m_root, m_manifest));
}

void TestTreeCheck::differences_data()
{
    QTest::addColumn<std::function<void()>>("change");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *title, const char *expected, std::function<void()> change) {
        QTest::newRow(title) << change << QString::fromLatin1(expected);
    };
    const auto mode = [this](const char *path, mode_t mode) {
        return [=, this] { QVERIFY(::chmod((m_root / path).c_str(), mode) == 0); };
    };
    const auto replaceByLink = [this](const char *path, const char *target) {
        return [=, this] {
            fs::remove_all(m_root / path);
            fs::create_symlink(target, m_root / path);
        };
    };
    row("file missing", "missing file", [this] { fs::remove(m_root / "file"); });
    row("last file missing", "missing nothing", [this] { fs::remove(m_root / "nothing"); });
    row("folder missing", "missing empty", [this] { fs::remove(m_root / "empty"); });
    row("link missing", "missing link", [this] { fs::remove(m_root / "link"); });
    row("folder for file", "kind file", [this] {
        fs::remove(m_root / "file");
        fs::create_directory(m_root / "file");
    });
    row("link for file", "kind file", replaceByLink("file", "nothing"));
    row("link for folder", "kind empty", replaceByLink("empty", "bin"));
    row("file for folder", "kind empty", [this] {
        fs::remove(m_root / "empty");
        write("empty", "now a file");
    });
    row("file for link", "kind link", [this] { write("link", "program"); });
    row("pipe for file", "kind nothing", [this] {
        fs::remove(m_root / "nothing");
        QVERIFY(::mkfifo((m_root / "nothing").c_str(), 0644) == 0);
    });
    row("executable", "mode file", mode("file", 0755));
    row("writable for others", "mode file", mode("file", 0666));
    row("setuid", "mode bin/app", mode("bin/app", 04644));
    row("folder's mode", "mode bin", mode("bin", 0700));
    row("sticky folder", "mode empty", mode("empty", 01755));
    row("longer", "size file", [this] { write("file", "content!"); });
    row("shorter", "size file", [this] { write("file", "conten"); });
    row("emptied", "size file", [this] { write("file", ""); });
    row("one byte changed", "content file", [this] { write("file", "conteNt"); });
    row("other target", "content link", replaceByLink("link", "bin/other"));
    row("target spelt differently", "content link", replaceByLink("link", "./bin/app"));
    row("unknown file", "unknown more", [this] { write("more", "of it"); });
    row("unknown before all", "unknown a", [this] { write("a", ""); });
    row("unknown after all", "unknown zzz", [this] { write("zzz", ""); });
    row("unknown in a folder", "unknown empty/more", [this] { write("empty/more", ""); });
    row("unknown folder", "unknown more", [this] { fs::create_directory(m_root / "more"); });
    row("unknown link", "unknown more", [this] { fs::create_symlink("file", m_root / "more"); });
    row("manifest elsewhere", "unknown bin/freshen.manifest",
        [this] { write("bin/freshen.manifest", ""); });
}

void TestTreeCheck::differences()
{
    QFETCH(std::function<void()>, change);
    QFETCH(QString, expected);
    change();
    QCOMPARE(found(), QStringList{expected});
    const auto required = Trust::requireTree(m_root, m_manifest);
    VERIFY_ERROR(required, ErrorCode::MANIFEST);
    QVERIFY(QString::fromStdString(required.error().message)
                .contains(expected.section(QLatin1Char(' '), 1)));
}

void TestTreeCheck::severalDifferences()
{
    fs::remove_all(m_root / "bin");
    write("bin-more", "");
    write("file", "conteNt");
    write("zzz", "");
    const QString expected = QStringLiteral("missing bin,unknown bin-more,missing bin/app,"
                                            "content file,unknown zzz");
    QCOMPARE(found().join(QLatin1Char(',')), expected);
}

void TestTreeCheck::unknownFilesBelongToTheUser()
{
    write("notes.txt", "of the user");
    QCOMPARE(found(UnknownFiles::BelongToTheUser), QStringList());
    QCOMPARE(found(), QStringList{QStringLiteral("unknown notes.txt")});
    write("file", "conteNt");
    QCOMPARE(found(UnknownFiles::BelongToTheUser), QStringList{QStringLiteral("content file")});
}

void TestTreeCheck::windowsHasNoModes()
{
    QVERIFY(::chmod((m_root / "file").c_str(), 0600) == 0);
    QCOMPARE(found(), QStringList{QStringLiteral("mode file")});
    m_manifest.os = "windows";
    QCOMPARE(found(), QStringList());
}

// A folder that became a link to one of equal content is not looked into.
void TestTreeCheck::nothingIsReadThroughLinks()
{
    fs::rename(m_root / "bin", m_root / "real");
    fs::create_directory_symlink("real", m_root / "bin");
    const QStringList lines = found();
    QVERIFY(lines.contains(QStringLiteral("kind bin")));
    QVERIFY(lines.contains(QStringLiteral("missing bin/app")));
}

void TestTreeCheck::progressAndCancel()
{
    QList<quint64> reports;
    const auto compared = Trust::compareTree(m_root, m_manifest, UnknownFiles::AreDifferences,
                                             [&](std::uint64_t bytes) {
                                                 reports.append(bytes);
                                                 return true;
                                             });
    VERIFY_RESULT(compared);
    QCOMPARE(reports, (QList<quint64>{7, 14}));
    VERIFY_ERROR(Trust::compareTree(m_root, m_manifest, UnknownFiles::AreDifferences,
                                    [](std::uint64_t) { return false; }),
                 ErrorCode::CANCELLED);
    VERIFY_ERROR(Trust::requireTree(m_root, m_manifest, [](std::uint64_t) { return false; }),
                 ErrorCode::CANCELLED);
}

void TestTreeCheck::missingTree()
{
    VERIFY_ERROR(Trust::compareTree(m_root / "none", m_manifest, UnknownFiles::AreDifferences),
                 ErrorCode::IO);
    VERIFY_ERROR(Trust::requireTree(m_root / "file", m_manifest), ErrorCode::IO);
    fs::create_directory_symlink("tree", m_root.parent_path() / "alias");
    VERIFY_ERROR(Trust::requireTree(m_root.parent_path() / "alias", m_manifest), ErrorCode::IO);
}

void TestTreeCheck::problemNames()
{
    QCOMPARE(Trust::problemName(Problem::Missing), std::string_view("missing"));
    QCOMPARE(Trust::problemName(Problem::Kind), std::string_view("kind"));
    QCOMPARE(Trust::problemName(Problem::Mode), std::string_view("mode"));
    QCOMPARE(Trust::problemName(Problem::Size), std::string_view("size"));
    QCOMPARE(Trust::problemName(Problem::Content), std::string_view("content"));
    QCOMPARE(Trust::problemName(Problem::Unknown), std::string_view("unknown"));
}

QTEST_GUILESS_MAIN(TestTreeCheck)
#include "tst_treecheck.moc"
