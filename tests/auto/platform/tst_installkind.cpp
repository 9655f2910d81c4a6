// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/installkind.h"

#include "platform/file.h"

#include "tests/support/resultcheck.h"
#include "tests/support/smalldisk.h"

#include <QTemporaryDir>
#include <QTest>

#include <map>

#include <unistd.h>

using namespace Freshen;
using Platform::InstallKind;
using Platform::InstallOrigin;

namespace fs = std::filesystem;

Q_DECLARE_METATYPE(Freshen::Platform::InstallKind)

// A system in a folder, with its environment and its package managers.
class TestInstallKind : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void plain_data();
    void plain();
    void appImage_data();
    void appImage();
    void flatpak_data();
    void flatpak();
    void snap_data();
    void snap();
    void debian_data();
    void debian();
    void debianByItsDescription();
    void debianAsksLiterally();
    void rpm();
    void whatOnlyAnotherMayWrite();
    void singleFiles_data();
    void singleFiles();
    void linksAreResolved();
    void realDpkg();
    void readOnlyMedium();

private:
    void makeFolder(const char *path) const { fs::create_directories(m_root / path); }
    void write(const char *path, const std::string &content) const;
    Platform::OriginProbe probe();
    InstallOrigin origin(const fs::path &app) { return Platform::originOf(app, probe()); }

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;
    std::map<std::string, std::string> m_environment;
    std::map<std::string, std::string> m_answers; // by the path that was asked about
    std::vector<std::vector<std::string>> m_questions;
};

void TestInstallKind::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_root = m_folder->path().toStdString();
    m_environment = {{"HOME", "/home/somebody"}};
    m_answers.clear();
    m_questions.clear();
    for (const char *path : {"home/somebody/notes", "opt/notes", "usr/lib/notes", "srv/notes",
                             "tmp/notes", "var/tmp/notes", "app/notes", "snap/notes/12/app"})
        makeFolder(path);
}

void TestInstallKind::write(const char *path, const std::string &content) const
{
    VERIFY_RESULT(Platform::makeDirectories((m_root / path).parent_path()));
    VERIFY_RESULT(Platform::writeFileDurably(m_root / path, content));
}

Platform::OriginProbe TestInstallKind::probe()
{
    Platform::OriginProbe probe;
    probe.root = m_root;
    probe.environment = [this](const std::string &name) { return m_environment[name]; };
    probe.ask = [this](const std::vector<std::string> &command) -> Result<std::string> {
        m_questions.push_back(command);
        const auto answer = m_answers.find(command.back());
        if (answer == m_answers.end())
            return failure(ErrorCode::HELPER, "nobody owns it");
        return answer->second;
    };
    return probe;
}

void TestInstallKind::plain_data()
{
    QTest::addColumn<QByteArray>("app");
    for (const char *app : {"/home/somebody/notes", "/opt/notes", "/srv/notes", "/missing/notes"})
        QTest::newRow(app) << QByteArray(app);
}

void TestInstallKind::plain()
{
    QFETCH(QByteArray, app);
    const InstallOrigin found = origin(app.toStdString());
    QCOMPARE(found.kind, InstallKind::Plain);
    QCOMPARE(found.name, std::string());
    QVERIFY(m_questions.empty()); // there is no package manager
}

void TestInstallKind::appImage_data()
{
    QTest::addColumn<QByteArray>("mount");
    QTest::addColumn<QByteArray>("app");
    QTest::addColumn<InstallKind>("kind");
    const auto row = [](const char *name, const char *mount, const char *app, InstallKind kind) {
        QTest::newRow(name) << QByteArray(mount) << QByteArray(app) << kind;
    };
    row("inside", "/tmp/.mount_x", "/tmp/.mount_x/usr", InstallKind::AppImage);
    row("the whole", "/tmp/.mount_x", "/tmp/.mount_x", InstallKind::AppImage);
    row("unresolved", "/tmp/../tmp/.mount_x/", "/tmp/.mount_x/usr/", InstallKind::AppImage);
    row("started by one", "/tmp/.mount_x", "/tmp/notes", InstallKind::Plain);
    row("a name that goes on", "/tmp/.mount_x", "/tmp/.mount_xy/usr", InstallKind::Plain);
    row("no mount", "", "/tmp/notes", InstallKind::Plain);
    row("the root", "/", "/tmp/notes", InstallKind::Plain);
}

void TestInstallKind::appImage()
{
    QFETCH(QByteArray, mount);
    QFETCH(QByteArray, app);
    makeFolder("tmp/.mount_x/usr");
    m_environment["APPDIR"] = mount.toStdString();
    QCOMPARE(origin(app.toStdString()).kind, InstallKind::Plain);
    m_environment["APPIMAGE"] = "/home/somebody/Notes-x86_64.AppImage";
    const InstallOrigin found = origin(app.toStdString());
    QTEST(found.kind, "kind");
    if (found.kind == InstallKind::AppImage)
        QCOMPARE(found.name, std::string("Notes-x86_64.AppImage"));
    const auto image = Platform::appImageOf(app.toStdString(), probe());
    QCOMPARE(image.has_value(), found.kind == InstallKind::AppImage);
    if (image) {
        QCOMPARE(image->file, fs::path("/home/somebody/Notes-x86_64.AppImage"));
        QCOMPARE(image->mount, fs::path(mount.toStdString()));
    }
}

void TestInstallKind::flatpak_data()
{
    QTest::addColumn<QByteArray>("info");
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("app") << QByteArray(
        "[Instance]\nname=no\n\n[Application]\nname=org.example.notes\n"
        "runtime=runtime/x\n[Context]\nname=neither\n")
                         << QByteArray("org.example.notes");
    QTest::newRow("no name") << QByteArray("[Application]\nruntime=x\n[Context]\nname=no\n")
                             << QByteArray();
    QTest::newRow("empty") << QByteArray() << QByteArray();
}

void TestInstallKind::flatpak()
{
    QFETCH(QByteArray, info);
    QFETCH(QByteArray, name);
    QCOMPARE(origin("/app/notes").kind, InstallKind::Plain);
    write(".flatpak-info", info.toStdString());
    const InstallOrigin found = origin("/app/notes");
    QCOMPARE(found.kind, InstallKind::Flatpak);
    QCOMPARE(QByteArray::fromStdString(found.name), name);
    // A sandboxed program starts, or fetches, another app.
    QCOMPARE(origin("/home/somebody/notes").kind, InstallKind::Plain);
}

void TestInstallKind::snap_data()
{
    QTest::addColumn<QByteArray>("variable");
    QTest::addColumn<QByteArray>("app");
    QTest::addColumn<InstallKind>("kind");
    const auto row = [](const char *name, const char *variable, const char *app, InstallKind kind) {
        QTest::newRow(name) << QByteArray(variable) << QByteArray(app) << kind;
    };
    row("inside", "/snap/notes/12", "/snap/notes/12/app", InstallKind::Snap);
    row("elsewhere", "/var/lib/snapd/snap/notes/12", "/var/lib/snapd/snap/notes/12",
        InstallKind::Snap);
    row("unset", "", "/snap/notes/12/app", InstallKind::Snap);
    row("started by one", "/snap/other/3", "/home/somebody/notes", InstallKind::Plain);
}

void TestInstallKind::snap()
{
    QFETCH(QByteArray, variable);
    QFETCH(QByteArray, app);
    if (!variable.isEmpty()) {
        m_environment["SNAP"] = variable.toStdString();
        m_environment["SNAP_NAME"] = "notes";
    }
    const InstallOrigin found = origin(app.toStdString());
    QTEST(found.kind, "kind");
    QCOMPARE(found.name, std::string(found.kind == InstallKind::Snap ? "notes" : ""));
}

void TestInstallKind::debian_data()
{
    QTest::addColumn<QByteArray>("app");
    QTest::addColumn<QByteArray>("answer"); // about the app's folder
    QTest::addColumn<InstallKind>("kind");
    QTest::addColumn<int>("questions");
    const auto row = [](const char *name, const char *app, const char *answer, InstallKind kind,
                        int questions) {
        QTest::newRow(name) << QByteArray(app) << QByteArray(answer) << kind << questions;
    };
    row("opt", "/opt/notes", "notes: /opt/notes\n", InstallKind::Debian, 2);
    row("usr", "/usr/lib/notes", "notes: /usr/lib/notes\n", InstallKind::Debian, 2);
    row("architecture", "/opt/notes", "notes:amd64: /opt/notes\n", InstallKind::Debian, 2);
    row("several owners", "/opt/notes", "a, notes: /opt/notes\n", InstallKind::Plain, 2);
    row("diverted", "/opt/notes", "diversion by notes from: /opt/notes\n", InstallKind::Plain, 2);
    row("several lines", "/opt/notes", "notes: /opt/notes\nb: /opt/notes\n", InstallKind::Plain, 2);
    row("not an answer", "/opt/notes", "notes", InstallKind::Plain, 2);
    row("nothing", "/opt/notes", "", InstallKind::Plain, 2);
    // Nobody is asked.
    row("home", "/home/somebody/notes", "notes: /x\n", InstallKind::Plain, 0);
    row("temporary", "/tmp/notes", "notes: /x\n", InstallKind::Plain, 0);
    row("writable elsewhere", "/srv/notes", "notes: /x\n", InstallKind::Plain, 0);
}

void TestInstallKind::debian()
{
    QFETCH(QByteArray, app);
    QFETCH(QByteArray, answer);
    QFETCH(int, questions);
    makeFolder("var/lib/dpkg");
    m_answers[app.toStdString()] = answer.toStdString();
    const InstallOrigin found = origin(app.toStdString());
    QTEST(found.kind, "kind");
    QCOMPARE(found.name, std::string(found.kind == InstallKind::Debian ? "notes" : ""));
    QCOMPARE(int(m_questions.size()), questions);
}

void TestInstallKind::debianByItsDescription()
{
    makeFolder("var/lib/dpkg");
    m_answers["/opt/notes/freshen.json"] = "notes: /opt/notes/freshen.json\n";
    QCOMPARE(origin("/opt/notes").name, std::string("notes"));
    QCOMPARE(m_questions.size(), std::size_t(1));
    QCOMPARE(m_questions.front().front(), std::string("/usr/bin/dpkg-query"));
    // Where a service's home is the root, everything would be in it.
    m_environment["HOME"] = "/";
    QCOMPARE(origin("/opt/notes").kind, InstallKind::Debian);
    m_environment["HOME"] = "/opt";
    QCOMPARE(origin("/opt/notes").kind, InstallKind::Plain);
    m_environment["HOME"].clear();
    m_environment["TMPDIR"] = "/opt";
    QCOMPARE(origin("/opt/notes").kind, InstallKind::Plain);
}

void TestInstallKind::debianAsksLiterally()
{
    makeFolder("var/lib/dpkg");
    makeFolder("opt/no*t?e[s]\\");
    QCOMPARE(origin("/opt/no*t?e[s]\\").kind, InstallKind::Plain);
    QCOMPARE(m_questions.back().back(), std::string("/opt/no\\*t\\?e\\[s]\\\\"));
}

void TestInstallKind::rpm()
{
    m_answers["/opt/notes"] = "notes\n";
    QCOMPARE(origin("/opt/notes").kind, InstallKind::Plain);
    QVERIFY(m_questions.empty());
    makeFolder("usr/lib/sysimage/rpm");
    makeFolder("var/lib/dpkg"); // is there, too, and does not know the app
    const InstallOrigin found = origin("/opt/notes");
    QCOMPARE(found.kind, InstallKind::Rpm);
    QCOMPARE(found.name, std::string("notes"));
    QCOMPARE(m_questions.back().front(), std::string("/usr/bin/rpm"));
    m_answers["/opt/notes"] = "notes\nnotes-data\n"; // shared
    QCOMPARE(origin("/opt/notes").kind, InstallKind::Plain);
}

void TestInstallKind::whatOnlyAnotherMayWrite()
{
    if (::geteuid() == 0)
        QSKIP("An administrator may write everywhere");
    makeFolder("var/lib/dpkg");
    m_answers["/srv/notes"] = "notes: /srv/notes\n";
    fs::permissions(m_root / "srv/notes", fs::perms::owner_read | fs::perms::owner_exec);
    const InstallOrigin found = origin("/srv/notes");
    fs::permissions(m_root / "srv/notes", fs::perms::owner_all);
    QCOMPARE(found.kind, InstallKind::Debian);
}

void TestInstallKind::singleFiles_data()
{
    QTest::addColumn<QByteArray>("app");
    QTest::addColumn<InstallKind>("kind");
    QTest::newRow("in a folder of its own") << QByteArray("/srv/notes/tool") << InstallKind::Plain;
    QTest::newRow("packaged") << QByteArray("/usr/lib/notes/tool") << InstallKind::Debian;
}

// Nobody is asked about a file in a folder that this user may write.
void TestInstallKind::singleFiles()
{
    QFETCH(QByteArray, app);
    QFETCH(InstallKind, kind);
    makeFolder("var/lib/dpkg");
    write(app.constData() + 1, "program");
    m_answers[app.toStdString()] = "notes: " + app.toStdString() + "\n";
    QCOMPARE(origin(app.toStdString()).kind, kind);
    QCOMPARE(m_questions.empty(), kind == InstallKind::Plain);
}

void TestInstallKind::linksAreResolved()
{
    makeFolder("var/lib/dpkg");
    m_answers["/usr/lib/notes"] = "notes: /usr/lib/notes\n";
    fs::create_directory_symlink("../usr/lib/notes", m_root / "opt/alias");
    QCOMPARE(origin("/opt/alias").kind, InstallKind::Debian);
    m_environment["HOME"] = "/opt/home";
    fs::create_directory_symlink("../usr", m_root / "opt/home");
    QCOMPARE(origin("/usr/lib/notes").kind, InstallKind::Plain);
}

// A folder that every such system has from one package, asked about in the running system.
void TestInstallKind::realDpkg()
{
    const fs::path owned = "/usr/share/base-files";
    if (!fs::exists("/usr/bin/dpkg-query") || !fs::exists(owned))
        QSKIP("No dpkg on this system");
    const InstallOrigin found = Platform::originOf(owned);
    QCOMPARE(found.kind, InstallKind::Debian);
    QCOMPARE(found.name, std::string("base-files"));
    // Owned by nearly all, or by nobody.
    QCOMPARE(Platform::originOf("/usr/share/doc").kind, InstallKind::Plain);
    QCOMPARE(Platform::originOf("/usr/lib/freshen-of-nobody").kind, InstallKind::Plain);
}

void TestInstallKind::readOnlyMedium()
{
    const SmallDisk disk(QString::fromStdString((m_root / "srv/notes").string()));
    if (!disk.isMounted())
        QSKIP("A file system of its own needs an administrator");
    QCOMPARE(origin("/srv/notes").kind, InstallKind::Plain);
    const std::string place = (m_root / "srv/notes").string();
    QCOMPARE(::mount(nullptr, place.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, "size=1m"), 0);
    QCOMPARE(origin("/srv/notes").kind, InstallKind::ReadOnly);
    // A package manager that keeps its files on a sealed disk comes first.
    makeFolder("var/lib/rpm");
    m_answers["/srv/notes"] = "notes\n";
    QCOMPARE(origin("/srv/notes").kind, InstallKind::Rpm);
}

QTEST_GUILESS_MAIN(TestInstallKind)
#include "tst_installkind.moc"
