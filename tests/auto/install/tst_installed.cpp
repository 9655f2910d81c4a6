// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What stands at the app's path, be it a folder or a single file.

#include "updater-helper/install/installed.h"

#include "lib/common/convert.h"

#include "tests/support/resultcheck.h"
#include "tests/support/singlefile.h"

#include <QTest>

using namespace Freshen;
using Install::Layout;
using Platform::EntryType;
using Trust::Manifest;
using Trust::ManifestEntry;

namespace fs = std::filesystem;

class TestInstalled : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<EngineFixture>(); }
    void placesOfAFolder();
    void placesOfASingleFile();
    void programOfAFolder();
    void programOfASingleFile();
    void singleFileIsCompared_data();
    void singleFileIsCompared();
    void acceptedWithTheDescription();
    void formOfARelease_data();
    void formOfARelease();

private:
    std::unique_ptr<EngineFixture> m_fixture;
};

void TestInstalled::placesOfAFolder()
{
    const Layout &layout = m_fixture->layout();
    QVERIFY(!layout.isSingleFile());
    QCOMPARE(layout.descriptionFolder(), layout.app());
    QCOMPARE(layout.place("bin/sample"), layout.app() / "bin/sample");
    QCOMPARE(layout.place("freshen.json"), layout.app() / "freshen.json");
}

void TestInstalled::placesOfASingleFile()
{
    const Layout layout = installSingleFile(*m_fixture, "my-tool");
    QVERIFY(layout.isSingleFile());
    QCOMPARE(layout.folder(), m_fixture->path(".my-tool.freshen"));
    QCOMPARE(layout.descriptionFolder(), layout.folder());
    for (const char *name : {"freshen.json", "freshen.manifest", "freshen.manifest.minisig"})
        QCOMPARE(layout.place(name), layout.folder() / name);
    QCOMPARE(layout.place("tool-1.0"), m_fixture->path("my-tool"));
    // Where somebody works who may not write there, nothing of the installed version lies.
    const Layout workplace(layout.app(), m_fixture->path("elsewhere"));
    QCOMPARE(workplace.descriptionFolder(), layout.folder());
}

void TestInstalled::programOfAFolder()
{
    const Layout &layout = m_fixture->layout();
    const auto program = Install::installedProgram(layout, m_fixture->keys());
    VERIFY_RESULT(program);
    QCOMPARE(*program, layout.app() / "bin/sample");
    fs::remove(layout.app() / Manifest::fileName);
    QVERIFY(!Install::installedProgram(layout, m_fixture->keys()));
}

// One that was downloaded by hand has no manifest.
void TestInstalled::programOfASingleFile()
{
    const Layout layout = installSingleFile(*m_fixture, "my-tool");
    for (const bool isDescribed : {true, false}) {
        const auto program = Install::installedProgram(layout, m_fixture->keys());
        VERIFY_RESULT(program);
        QCOMPARE(*program, layout.app());
        if (isDescribed)
            fs::remove_all(layout.folder());
    }
}

void TestInstalled::singleFileIsCompared_data()
{
    QTest::addColumn<QString>("damaged");
    QTest::addColumn<int>("mode");
    QTest::addColumn<QString>("difference");
    const auto row = [](const char *name, const char *damaged, int mode, const char *difference) {
        QTest::newRow(name) << QString::fromLatin1(damaged) << mode
                            << QString::fromLatin1(difference);
    };
    row("nothing", "", 0755, "");
    row("mode", "", 0700, "tool-1.0 mode");
    row("program", "my-tool", 0755, "tool-1.0 size");
    row("description", ".my-tool.freshen/freshen.json", 0755, "freshen.json size");
    row("the engine's own files", ".my-tool.freshen/result", 0755, "");
}

void TestInstalled::singleFileIsCompared()
{
    QFETCH(QString, damaged);
    QFETCH(int, mode);
    QFETCH(QString, difference);
    const Layout layout = installSingleFile(*m_fixture, "my-tool");
    if (!damaged.isEmpty())
        writeText(m_fixture->path(damaged.toStdString()), "damaged");
    fs::permissions(layout.app(), fs::perms(mode));
    const auto release = Install::installedRelease(layout, m_fixture->keys());
    VERIFY_RESULT(release);
    const auto differences = Install::compareInstalled(layout, release->manifest,
                                                       Trust::UnknownFiles::AreDifferences);
    VERIFY_RESULT(differences);
    QStringList found;
    for (const Trust::Difference &one : *differences)
        found += toQString(one.path + ' ' + std::string(Trust::problemName(one.problem)));
    QCOMPARE(found.join(u", "), difference);
}

// What was accepted is remembered as long as its release is installed.
void TestInstalled::acceptedWithTheDescription()
{
    const Layout layout = installSingleFile(*m_fixture, "my-tool");
    const auto release = Install::installedRelease(layout, m_fixture->keys());
    VERIFY_RESULT(release);
    VERIFY_RESULT(Install::acceptManifest(layout, release->sha256));
    VERIFY_RESULT(Install::acceptManifest(layout, std::string(64, 'a')));
    VERIFY_RESULT(Install::installedRelease(layout, {})); // without any key
}

void TestInstalled::formOfARelease_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("isFolder");
    QTest::newRow("nothing more") << QString() << false;
    QTest::newRow("a file") << QStringLiteral("zlib.so") << false;
    QTest::newRow("a folder") << QStringLiteral("zlib") << true;
}

void TestInstalled::formOfARelease()
{
    QFETCH(QString, path);
    QFETCH(bool, isFolder);
    Manifest manifest = singleFileManifest("tool-2.0", "2.0", "program", "{}");
    if (!path.isEmpty()) {
        ManifestEntry entry;
        entry.path = path.toStdString();
        entry.type = isFolder ? EntryType::Directory : EntryType::File;
        manifest.entries.push_back(entry);
    }
    const Layout single = installSingleFile(*m_fixture, "my-tool");
    VERIFY_RESULT(Install::checkForm(m_fixture->layout(), manifest));
    if (path.isEmpty()) {
        VERIFY_RESULT(Install::checkForm(single, manifest));
        return;
    }
    const auto refused = Install::checkForm(single, manifest);
    VERIFY_ERROR(refused, ErrorCode::MANIFEST);
    QVERIFY(refused.error().message.find('"' + path.toStdString() + '"') != std::string::npos);
}

QTEST_GUILESS_MAIN(TestInstalled)
#include "tst_installed.moc"
