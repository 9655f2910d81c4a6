// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/userfiles.h"

#include "platform/stamp.h"
#include "tests/support/enginefixture.h"
#include "tests/support/resultcheck.h"
#include "updater-helper/install/history.h"

#include <QTest>

#include <algorithm>

using namespace Freshen;
using namespace Qt::StringLiterals;
namespace fs = std::filesystem;

// 1.0 leaves, 2.0 takes its place: both lie where they lie before the exchange, which is all the
// same to what is tested here.
class TestUserFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<EngineFixture>(); }
    void acc079_movesFilesAndFolders();
    void nothingOfTheUser();
    void again();
    void brokenOff();
    void keepsWhatTheNewVersionShips();
    void keepsTheFileOfTheUserWhereAFolderIsShipped();
    void neverOverwritesWhatIsKept();
    void mergesFolders();
    void mergedFoldersAreGone();
    void mergesFoldersBelowFolders();
    void makesFoldersThatTheNewVersionDropped();
    void keepsWhereAFolderBecameAFile();
    void keepsWhereTheUserMadeAFolderOfAFile();
    void movesLinksAsLinks();
    void keepsALinkWhereAFolderIsShipped();
    void leavesLinkedFoldersAlone();
    void nothingWithoutManifest();
    void oddNames();
    void acc079_editedFilesAreKeptAndReturn();
    void damagedFilesDoNotReturn();
    void notesAreLookedAtAgain();
    void onlyChangedFoldersAreLookedAtAgain();

private:
    const fs::path &from() const { return m_fixture->layout().app(); }
    fs::path to() const { return m_fixture->layout().staged(); }
    fs::path kept() const { return m_fixture->layout().kept() / "1.0"; }
    // The number of moved entries; -1 and a message when it failed.
    int carry() const;

    std::unique_ptr<EngineFixture> m_fixture;
};

int TestUserFiles::carry() const
{
    const auto files = Install::findUserFiles(from());
    auto done = files ? Install::carryUserFiles(from(), to(), *files) : failure(files);
    if (done) {
        const auto kept = Install::keepUserFiles(m_fixture->layout(), from());
        done = kept ? Result<void>() : failure(kept);
    }
    if (!done)
        qWarning("%s", done.error().message.c_str());
    return done ? int(files->size()) : -1;
}

void TestUserFiles::acc079_movesFilesAndFolders()
{
    QCOMPARE(carry(), 3);
    QCOMPARE(m_fixture->lostUserFiles(to()), QStringList());
    QVERIFY(!fs::exists(from() / "mine.txt"));
    QVERIFY(!fs::exists(from() / "plugins"));
    QCOMPARE(m_fixture->versionOf(from()), u"1.0"_s);
    QCOMPARE(m_fixture->versionOf(to()), u"2.0"_s);
    QVERIFY(!fs::exists(kept()));
}

void TestUserFiles::nothingOfTheUser()
{
    m_fixture->makeTree(from(), "1.0");
    QCOMPARE(carry(), 0);
    QCOMPARE(m_fixture->beside(), QStringList{u"staged"_s});
}

void TestUserFiles::again()
{
    QCOMPARE(carry(), 3);
    // The new version has changed one of them meanwhile.
    writeText(to() / "mine.txt", "changed");
    QCOMPARE(carry(), 0);
    QCOMPARE(readText(to() / "mine.txt"), "changed");
    QVERIFY(!fs::exists(kept()));
}

void TestUserFiles::brokenOff()
{
    fs::rename(from() / "mine.txt", to() / "mine.txt");
    QCOMPARE(carry(), 2);
    QCOMPARE(m_fixture->lostUserFiles(to()), QStringList());
}

void TestUserFiles::keepsWhatTheNewVersionShips()
{
    m_fixture->makeTree(to(), "2.0", {{"mine.txt", "shipped"}, {"data/mine.txt", "shipped, too"}});
    QCOMPARE(carry(), 3);
    QCOMPARE(readText(to() / "mine.txt"), "shipped");
    QCOMPARE(readText(to() / "data/mine.txt"), "shipped, too");
    QCOMPARE(readText(kept() / "mine.txt"), "mine");
    QCOMPARE(readText(kept() / "data/mine.txt"), "also mine");
    QCOMPARE(m_fixture->versionOf(to()), u"2.0"_s);
}

void TestUserFiles::keepsTheFileOfTheUserWhereAFolderIsShipped()
{
    m_fixture->makeTree(to(), "2.0", {{"mine.txt/readme", "a folder now"}});
    QCOMPARE(carry(), 3);
    QCOMPARE(readText(kept() / "mine.txt"), "mine");
    QCOMPARE(m_fixture->versionOf(to()), u"2.0"_s);
}

void TestUserFiles::neverOverwritesWhatIsKept()
{
    m_fixture->makeTree(to(), "2.0", {{"mine.txt", "shipped"}});
    for (const char *content : {"first", "second", "third"}) {
        writeText(from() / "mine.txt", content);
        QVERIFY(carry() >= 1);
    }
    QCOMPARE(readText(kept() / "mine.txt"), "first");
    QCOMPARE(readText(kept() / "mine.txt.2"), "second");
    QCOMPARE(readText(kept() / "mine.txt.3"), "third");
}

void TestUserFiles::mergesFolders()
{
    m_fixture->makeTree(to(), "2.0", {{"plugins/core.so", "core"}});
    QCOMPARE(carry(), 3);
    QCOMPARE(m_fixture->lostUserFiles(to()), QStringList());
    QCOMPARE(readText(to() / "plugins/core.so"), "core");
    QVERIFY(!fs::exists(kept()));
}

// What is left of them would stand in the way of going back: the old tree has to be as signed.
void TestUserFiles::mergedFoldersAreGone()
{
    m_fixture->makeTree(to(), "2.0", {{"plugins/own/core.so", "core"}});
    QCOMPARE(carry(), 3);
    QVERIFY(!fs::exists(from() / "plugins"));
}

void TestUserFiles::mergesFoldersBelowFolders()
{
    fs::create_directories(from() / "plugins/mine");
    writeText(from() / "plugins/mine/a", "a");
    writeText(from() / "plugins/core.so", "of the user");
    m_fixture->makeTree(to(), "2.0", {{"plugins/core.so", "core"}, {"plugins/own/b", "b"}});
    QCOMPARE(carry(), 3);
    QCOMPARE(m_fixture->lostUserFiles(to()), QStringList());
    QCOMPARE(readText(to() / "plugins/mine/a"), "a");
    QCOMPARE(readText(to() / "plugins/own/b"), "b");
    QCOMPARE(readText(to() / "plugins/core.so"), "core");
    QCOMPARE(readText(kept() / "plugins/core.so"), "of the user");
}

void TestUserFiles::makesFoldersThatTheNewVersionDropped()
{
    m_fixture->makeTree(from(), "1.0", {{"themes/dark/shipped", "s"}});
    writeText(from() / "themes/dark/mine", "m");
    QCOMPARE(carry(), 1);
    QCOMPARE(readText(to() / "themes/dark/mine"), "m");
    QVERIFY(!fs::exists(to() / "themes/dark/shipped"));
}

void TestUserFiles::keepsWhereAFolderBecameAFile()
{
    m_fixture->makeTree(from(), "1.0", {{"themes/shipped", "s"}});
    writeText(from() / "themes/mine", "m");
    m_fixture->makeTree(to(), "2.0", {{"themes", "one file now"}});
    QCOMPARE(carry(), 1);
    QCOMPARE(readText(kept() / "themes/mine"), "m");
    QCOMPARE(m_fixture->versionOf(to()), u"2.0"_s);
}

void TestUserFiles::keepsWhereTheUserMadeAFolderOfAFile()
{
    fs::remove(from() / "data/shipped.txt");
    fs::create_directory(from() / "data/shipped.txt");
    writeText(from() / "data/shipped.txt/mine", "m");
    QVERIFY(carry() > 0);
    QCOMPARE(readText(kept() / "data/shipped.txt/mine"), "m");
    QCOMPARE(m_fixture->versionOf(to()), u"2.0"_s);
}

void TestUserFiles::movesLinksAsLinks()
{
    const fs::path elsewhere = m_fixture->path("elsewhere");
    fs::create_directory(elsewhere);
    writeText(elsewhere / "file", "far away");
    fs::create_symlink(elsewhere, from() / "to-folder");
    fs::create_symlink("mine.txt", from() / "to-file");
    fs::create_symlink("nowhere", from() / "to-nothing");
    QCOMPARE(carry(), 6);
    QCOMPARE(fs::read_symlink(to() / "to-folder"), elsewhere);
    QCOMPARE(fs::read_symlink(to() / "to-file"), fs::path("mine.txt"));
    QCOMPARE(fs::read_symlink(to() / "to-nothing"), fs::path("nowhere"));
    QCOMPARE(readText(elsewhere / "file"), "far away");
    QVERIFY(!fs::is_symlink(from() / "to-folder"));
    QCOMPARE(carry(), 0);
}

void TestUserFiles::keepsALinkWhereAFolderIsShipped()
{
    const fs::path elsewhere = m_fixture->path("elsewhere");
    fs::create_directory(elsewhere);
    writeText(elsewhere / "file", "far away");
    fs::create_symlink(elsewhere, from() / "themes");
    m_fixture->makeTree(to(), "2.0", {{"themes/shipped", "s"}});
    QCOMPARE(carry(), 4);
    QCOMPARE(fs::read_symlink(kept() / "themes"), elsewhere);
    QCOMPARE(readText(elsewhere / "file"), "far away");
    QCOMPARE(m_fixture->versionOf(to()), u"2.0"_s);
}

// Where the user put a link in the place of a shipped folder, nothing behind it is touched.
void TestUserFiles::leavesLinkedFoldersAlone()
{
    const fs::path elsewhere = m_fixture->path("elsewhere");
    fs::rename(from() / "data", elsewhere);
    fs::create_directory_symlink(elsewhere, from() / "data");
    QCOMPARE(carry(), 3);
    QCOMPARE(fs::read_symlink(kept() / "data"), elsewhere);
    QCOMPARE(readText(elsewhere / "mine.txt"), "also mine");
    QCOMPARE(m_fixture->versionOf(to()), u"2.0"_s);
}

void TestUserFiles::nothingWithoutManifest()
{
    fs::remove(from() / "freshen.manifest");
    QCOMPARE(carry(), 0);
    QCOMPARE(m_fixture->lostUserFiles(from()), QStringList());
}

void TestUserFiles::oddNames()
{
    const ShippedFiles odd = {{"with space", "1"},       {"line\nend", "2"},
                              {"quote\"s'", "3"},        {".hidden", "4"},
                              {"not utf8 \xff\xfe", "5"}, {"-rf", "6"},
                              {"freshen.manifest.bak", "7"}};
    for (const auto &[name, content] : odd) {
        std::FILE *file = std::fopen((from() / name).c_str(), "w");
        QVERIFY(file && std::fputs(content.c_str(), file) >= 0 && std::fclose(file) == 0);
    }
    QCOMPARE(carry(), 10);
    for (const auto &[name, content] : odd) {
        const auto text = Platform::readFile(to() / name);
        QVERIFY2(text && *text == content, name.c_str());
    }
}

void TestUserFiles::acc079_editedFilesAreKeptAndReturn()
{
    const fs::path edited = from() / "data/shipped.txt";
    writeText(edited, "edited");
    m_fixture->update();
    QCOMPARE(readText(edited), "shipped with 2.0\n");
    QCOMPARE(readText(kept() / "data/shipped.txt"), "edited");
    QCOMPARE(Install::LastResult::read(m_fixture->layout())->kept,
             std::vector<std::string>{"data/shipped.txt"});
    // Going back brings it back; what is kept stays.
    const Install::Order order = m_fixture->order(Install::ChangeKind::Rollback);
    VERIFY_RESULT(Install::prepare(m_fixture->layout(), order));
    VERIFY_RESULT(Install::swap(m_fixture->layout()));
    VERIFY_RESULT(Install::commit(m_fixture->layout()));
    QCOMPARE(readText(edited), "edited");
    QCOMPARE(readText(kept() / "data/shipped.txt"), "edited");
}

// A previous version that is not as it was left is no version to go back to.
void TestUserFiles::damagedFilesDoNotReturn()
{
    writeText(from() / "data/shipped.txt", "edited");
    m_fixture->update();
    writeText(m_fixture->layout().previous() / "data/shipped.txt", "damaged");
    const Install::Order order = m_fixture->order(Install::ChangeKind::Rollback);
    VERIFY_ERROR(Install::prepare(m_fixture->layout(), order), ErrorCode::MANIFEST);
}

void TestUserFiles::notesAreLookedAtAgain()
{
    const Install::Layout &layout = m_fixture->layout();
    const auto sorted = [](Result<std::vector<std::string>> files) {
        std::sort(files->begin(), files->end());
        return *files;
    };
    const std::vector<std::string> before = {"data/mine.txt", "mine.txt", "plugins"};
    // Where nothing was noted, and where it was.
    QCOMPARE(sorted(Install::notedUserFiles(layout)), before);
    VERIFY_RESULT(Install::noteUserFiles(layout));
    QCOMPARE(sorted(Install::notedUserFiles(layout)), before);
    // What comes and goes until the app has quit.
    writeText(from() / "bin/late.txt", "late");
    fs::remove(from() / "data/mine.txt");
    QCOMPARE(sorted(Install::notedUserFiles(layout)),
             (std::vector<std::string>{"bin/late.txt", "mine.txt", "plugins"}));
    // Not even where a folder's times were set back.
    const auto changed = fs::last_write_time(from() / "lib");
    writeText(from() / "lib/unpacked.so", "new");
    fs::last_write_time(from() / "lib", changed);
    QVERIFY(Install::notedUserFiles(layout)->size() == 4);
}

// Without the manifest nothing can be found in a folder, so whatever is found was noted.
void TestUserFiles::onlyChangedFoldersAreLookedAtAgain()
{
    const Install::Layout &layout = m_fixture->layout();
    const std::vector<fs::path> folders = {from(), from() / "bin", from() / "data", from() / "lib"};
    QTRY_VERIFY_WITH_TIMEOUT(std::none_of(folders.begin(), folders.end(),
                                          [](const fs::path &folder) {
                                              return Platform::stampOf(folder).empty();
                                          }),
                             30'000);
    VERIFY_RESULT(Install::noteUserFiles(layout));
    QCOMPARE(Install::notedUserFiles(layout)->size(), 3u);
    writeText(from() / Trust::Manifest::fileName, "unreadable");
    QCOMPARE(Install::notedUserFiles(layout)->size(), 3u);
    writeText(from() / "data/another.txt", "new");
    QCOMPARE(*Install::notedUserFiles(layout), (std::vector<std::string>{"mine.txt", "plugins"}));
}

QTEST_GUILESS_MAIN(TestUserFiles)
#include "tst_userfiles.moc"
