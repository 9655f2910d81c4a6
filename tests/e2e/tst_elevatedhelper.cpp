// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The half with an administrator's rights, and a user who asks it for what it must not do: the
// rows of the helper's threat table that concern the request, the places and the release.

#include "tests/support/elevatedfixture.h"
#include "tests/support/privatesystem.h"

#include "lib/common/convert.h"
#include "platform/safefolder.h"
#include "platform/tree.h"
#include "updater-helper/install/history.h"

#include <QDir>
#include <QProcess>
#include <QTest>

#include <atomic>
#include <thread>

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;
namespace fs = std::filesystem;

namespace {

const QString done = u"done"_s;

void giveTo(const fs::path &path, unsigned user)
{
    QVERIFY(::lchown(path.c_str(), user, user) == 0);
}

} // namespace

class TestElevatedHelper : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void updates();
    void acceptsTheSameVersionAsRepair();
    void acc037_olderThanTheFloor();
    void acc037_olderThanWhatWasInstalledHere();
    void h26_floorOutlivesADamagedInstall();
    void h26_newerVersionByTheAdministrator();
    void acc038_releaseOfSomethingElse_data();
    void acc038_releaseOfSomethingElse();
    void rollbackNeedsAnAdministrator();
    void goesBackForAnAdministrator();
    void rightsAreForOneAppAndVersion();

    void acc030_followsTheRoots();
    void acc030_rootByOthers();
    void acc031_rootGap();
    void acc100_expiredRoot();

    void h01_changedWhileItIsTakenIn();
    void h01_changedAfterwards();
    void h02_linkInThePlaceOf_data();
    void h02_linkInThePlaceOf();
    void h02_pipeAndDevice();
    void vuln023_hardLinkedFile();
    void acc039_fileThatIsNotAsSigned_data();
    void acc039_fileThatIsNotAsSigned();
    void h13_unlistedFilesStayOutside();
    void h03_umaskOfTheStarter();
    void vuln014_namesThatAShellWouldRead();
    void h04_requestsThatNameNoInstall_data();
    void h04_requestsThatNameNoInstall();
    void vuln032_installOfSomebodyElse();
    void h05_arguments_data();
    void h05_arguments();
    void h05_noArgumentsAtAll();
    void h18_placeThatOthersMayWriteTo_data();
    void h18_placeThatOthersMayWriteTo();
    void h18_registrationThatOthersMayWriteTo_data();
    void h18_registrationThatOthersMayWriteTo();
    void h19_removesNothingOutside();
    void h17_ownerIsTheAdministrator();
    void h21_onlyAnAdministratorIsTheService_data();
    void h21_onlyAnAdministratorIsTheService();
    void h22_outOfTurn_data();
    void h22_outOfTurn();
    void h22_hangsUpAtEachState_data();
    void h22_hangsUpAtEachState();
    void h22_flood();
    void h26_unknownRequest();
    void h27_twentyAtOnce();
    void h28_waitsForAnotherUsersProcess();
    void h30_tinyLimits();
    void h31_cannotBeWatched();
    void acc029_floorIsGarbage();

private:
    void updateTo(const QString &version);
    // Of a chain whose root key is m_rootKey.
    std::string root(std::uint64_t version, const Trust::PublicKey &release,
                     const SecretKey &signer, const char *expires = "2099-01-01T00:00:00Z") const;
    void registerRoot();
    QString installed() { return m_fixture->engine().appVersion(); }

    std::unique_ptr<ElevatedFixture> m_fixture;
    const SecretKey m_rootKey = *SecretKey::generate();
    const SecretKey m_laterKey = *SecretKey::generate();
};

void TestElevatedHelper::initTestCase()
{
    if (!PrivateSystem::isInside())
        QSKIP("An administrator's rights and mount namespaces are needed.");
}

void TestElevatedHelper::init()
{
    m_fixture.reset();
    m_fixture = std::make_unique<ElevatedFixture>();
}

void TestElevatedHelper::updateTo(const QString &version)
{
    m_fixture->start();
    QCOMPARE(m_fixture->prepare(), done);
    QCOMPARE(m_fixture->ask("swap"), done);
    QCOMPARE(m_fixture->ask("commit 12"), done);
    m_fixture->hangUp();
    QCOMPARE(installed(), version);
}

void TestElevatedHelper::updates()
{
    updateTo(u"2.0"_s);
    QCOMPARE(m_fixture->engine().versionOf(m_fixture->layout().previous()), u"1.0"_s);
    QCOMPARE(m_fixture->engine().lostUserFiles(m_fixture->layout().app()), QStringList());
    const auto last = Install::LastResult::read(m_fixture->layout());
    QVERIFY(last.has_value());
    QCOMPARE(toQString(last->to), u"2.0"_s);
    QCOMPARE(toQString(last->downtimeMs), u"12"_s);
    m_fixture->offerRelease("2.1");
    updateTo(u"2.1"_s);
}

void TestElevatedHelper::acceptsTheSameVersionAsRepair()
{
    updateTo(u"2.0"_s);
    writeText(m_fixture->layout().app() / "data/shipped.txt", "broken");
    updateTo(u"2.0"_s);
}

void TestElevatedHelper::acc037_olderThanTheFloor()
{
    updateTo(u"2.0"_s);
    m_fixture->offerRelease("1.5");
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"DOWNGRADE"_s);
    QCOMPARE(installed(), u"2.0"_s);
}

void TestElevatedHelper::acc037_olderThanWhatWasInstalledHere()
{
    m_fixture->offerRelease("0.9");
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"DOWNGRADE"_s);
    QCOMPARE(installed(), u"1.0"_s);
}

void TestElevatedHelper::h26_floorOutlivesADamagedInstall()
{
    updateTo(u"2.0"_s);
    m_fixture->engine().makeTree(m_fixture->layout().app(), "1.0");
    m_fixture->offerRelease("1.9");
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"DOWNGRADE"_s);
}

// Without asking the helper.
void TestElevatedHelper::h26_newerVersionByTheAdministrator()
{
    m_fixture->engine().makeTree(m_fixture->layout().app(), "3.0");
    m_fixture->offerRelease("2.5");
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"DOWNGRADE"_s);
    m_fixture->offerRelease("3.1");
    updateTo(u"3.1"_s);
}

void TestElevatedHelper::acc029_floorIsGarbage()
{
    writeText("/var/lib/freshen/" + m_fixture->id() + "/floor", "garbage");
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"IO"_s);
    QCOMPARE(installed(), u"1.0"_s);
}

void TestElevatedHelper::acc038_releaseOfSomethingElse_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<QString>("code");
    QTest::newRow("another product") << u"product"_s << u"WRONG_PRODUCT"_s;
    QTest::newRow("another system") << u"os"_s << u"WRONG_PLATFORM"_s;
    QTest::newRow("another processor") << u"arch"_s << u"WRONG_PLATFORM"_s;
    QTest::newRow("another key") << u"key"_s << u"SIGNATURE"_s;
}

void TestElevatedHelper::acc038_releaseOfSomethingElse()
{
    QFETCH(QString, change);
    QFETCH(QString, code);
    const fs::path tree = m_fixture->offered();
    if (change == u"product"_s)
        m_fixture->offerRelease("2.0", {}, "org.example.other");
    if (change == u"key"_s) {
        m_fixture->registration().keys = {SecretKey::generate()->publicKey()};
        m_fixture->registerApp();
    }
    if (change == u"os"_s || change == u"arch"_s) {
        auto manifest = Trust::readTreeManifest(tree, m_fixture->engine().keys());
        QVERIFY(manifest.has_value());
        (change == u"os"_s ? manifest->manifest.os : manifest->manifest.arch) = "macos";
        m_fixture->engine().signTree(tree, manifest->manifest);
        m_fixture->giveToUser();
    }
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), code);
    QCOMPARE(installed(), u"1.0"_s);
    QCOMPARE(m_fixture->engine().beside(), QStringList());
}

void TestElevatedHelper::rollbackNeedsAnAdministrator()
{
    updateTo(u"2.0"_s);
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->ask("rollback " + m_fixture->id())),
             u"NEEDS_RIGHTS"_s);
}

void TestElevatedHelper::goesBackForAnAdministrator()
{
    updateTo(u"2.0"_s);
    m_fixture->start({"elevated", m_fixture->id(), "1.0"});
    QCOMPARE(m_fixture->ask("rollback " + m_fixture->id()), done);
    QCOMPARE(m_fixture->ask("swap"), done);
    QCOMPARE(m_fixture->ask("commit 0"), done);
    m_fixture->hangUp();
    QCOMPARE(installed(), u"1.0"_s);
    // What was left is wanted again: the floor lets it pass, and nothing below it.
    m_fixture->offerRelease("1.9");
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"DOWNGRADE"_s);
    m_fixture->offerRelease("2.0");
    updateTo(u"2.0"_s);
}

void TestElevatedHelper::rightsAreForOneAppAndVersion()
{
    m_fixture->start({"elevated", "org.example.other-00000000", "2.0"});
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"PROTOCOL"_s);
    m_fixture->start({"elevated", m_fixture->id(), "2.5"});
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"PROTOCOL"_s);
    m_fixture->start({"elevated", m_fixture->id(), "2.0"});
    QCOMPARE(m_fixture->prepare(), done);
}

std::string TestElevatedHelper::root(std::uint64_t version, const Trust::PublicKey &release,
                                     const SecretKey &signer, const char *expires) const
{
    Trust::SignedRoot made;
    made.root.product = EngineFixture::product;
    made.root.version = version;
    made.root.issued = "2026-01-01T00:00:00Z";
    made.root.expires = expires;
    made.root.root.keys = made.root.feed.keys = {m_rootKey.publicKey()};
    made.root.release.keys = {release};
    const std::string message = made.message();
    const auto *bytes = reinterpret_cast<const std::uint8_t *>(message.data());
    made.signatures = {{signer.publicKey().idHex(), signer.sign({bytes, message.size()})}};
    return made.signedText();
}

void TestElevatedHelper::registerRoot()
{
    m_fixture->registration().root = root(1, m_fixture->engine().keys().front(), m_rootKey);
    m_fixture->registerApp();
}

// The key that made 2.0 is retired by the root that comes with it, and stays so.
void TestElevatedHelper::acc030_followsTheRoots()
{
    registerRoot();
    updateTo(u"2.0"_s);
    m_fixture->offerRelease("3.0");
    writeText(m_fixture->offer() / "2.root", root(2, m_laterKey.publicKey(), m_rootKey));
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"SIGNATURE"_s);
    auto manifest = Trust::readTreeManifest(m_fixture->offered(), m_fixture->engine().keys());
    QVERIFY(manifest.has_value());
    m_fixture->engine().signTree(m_fixture->offered(), manifest->manifest, m_laterKey);
    m_fixture->giveToUser();
    m_fixture->start();
    QCOMPARE(m_fixture->prepare(), done);
    QCOMPARE(m_fixture->ask("swap"), done);
    QCOMPARE(m_fixture->ask("commit 0"), done);
    const auto keys = {m_laterKey.publicKey()};
    QVERIFY(Trust::readTreeManifest(m_fixture->layout().app(), keys).has_value());
    // Withholding the root does not bring the old key back.
    m_fixture->offerRelease("4.0");
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"SIGNATURE"_s);
    // What was accepted can be gone back to.
    m_fixture->start({"elevated", m_fixture->id(), "2.0"});
    QCOMPARE(m_fixture->ask("rollback " + m_fixture->id()), done);
}

void TestElevatedHelper::acc030_rootByOthers()
{
    registerRoot();
    writeText(m_fixture->offer() / "2.root", root(2, m_laterKey.publicKey(), m_laterKey));
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"ROOT_CHAIN"_s);
    fs::remove(m_fixture->offer() / "2.root");
    updateTo(u"2.0"_s);
}

void TestElevatedHelper::acc031_rootGap()
{
    registerRoot();
    writeText(m_fixture->offer() / "3.root", root(3, m_laterKey.publicKey(), m_rootKey));
    updateTo(u"2.0"_s);
    fs::rename(m_fixture->offer() / "3.root", m_fixture->offer() / "2.root");
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"ROOT_CHAIN"_s);
}

void TestElevatedHelper::acc100_expiredRoot()
{
    registerRoot();
    writeText(m_fixture->offer() / "2.root", root(2, m_fixture->engine().keys().front(), m_rootKey,
                                                  "2026-02-01T00:00:00Z"));
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"ROOT_EXPIRED"_s);
    QCOMPARE(installed(), u"1.0"_s);
}

// Whoever owns the offer writes to it all the while: what gets in is what was signed, or nothing.
void TestElevatedHelper::h01_changedWhileItIsTakenIn()
{
    const std::string large(8 << 20, 'x');
    m_fixture->offerRelease("2.0", {{"data/large.bin", large}});
    const fs::path file = m_fixture->offered() / "data/large.bin";
    std::atomic<bool> goesOn = true;
    std::thread writer([&] {
        for (int i = 0; goesOn; ++i) {
            const int fd = ::open(file.c_str(), O_WRONLY);
            [[maybe_unused]] const auto written = ::pwrite(fd, i % 2 ? "y" : "x", 1, (i % 64) << 17);
            ::close(fd);
        }
    });
    int refused = 0;
    for (int round = 0; round < 20; ++round) {
        m_fixture->start();
        const QString answer = m_fixture->prepare();
        const auto tree = m_fixture->engine().versionOf(m_fixture->layout().staged());
        if (answer == done)
            QCOMPARE(tree, u"2.0"_s);
        else
            QCOMPARE(ElevatedFixture::codeOf(answer), u"MANIFEST"_s);
        refused += answer != done;
        m_fixture->hangUp();
    }
    goesOn = false;
    writer.join();
    QVERIFY2(refused > 0, "the writer was never in time");
}

void TestElevatedHelper::h01_changedAfterwards()
{
    m_fixture->start();
    QCOMPARE(m_fixture->prepare(), done);
    for (const auto &entry : fs::recursive_directory_iterator(m_fixture->offered())) {
        if (entry.is_regular_file() && !entry.is_symlink())
            writeText(entry.path(), "evil");
    }
    fs::remove_all(m_fixture->offered() / "bin");
    QCOMPARE(m_fixture->ask("swap"), done);
    QCOMPARE(m_fixture->ask("commit 0"), done);
    QCOMPARE(installed(), u"2.0"_s);
}

void TestElevatedHelper::h02_linkInThePlaceOf_data()
{
    QTest::addColumn<QString>("part");
    for (const char *part : {"staged", "staged/bin", "staged/bin/sample", "staged/freshen.json",
                             "staged/freshen.manifest", "staged/freshen.manifest.minisig",
                             "staged/lib"})
        QTest::newRow(part) << QString::fromLatin1(part);
}

// What the link leads to is the right thing, so only the link itself can be the reason.
void TestElevatedHelper::h02_linkInThePlaceOf()
{
    QFETCH(QString, part);
    const fs::path path = m_fixture->offer() / part.toStdString();
    const fs::path aside = m_fixture->offer() / "aside";
    fs::rename(path, aside);
    fs::create_symlink(aside.lexically_relative(path.parent_path()), path);
    m_fixture->start();
    const QString code = ElevatedFixture::codeOf(m_fixture->prepare());
    QVERIFY2(code == u"IO"_s || code == u"UNSAFE_DIR"_s, qPrintable(code));
    QCOMPARE(installed(), u"1.0"_s);
    QCOMPARE(m_fixture->engine().beside(), QStringList());
}

void TestElevatedHelper::h02_pipeAndDevice()
{
    const fs::path file = m_fixture->offered() / "data/shipped.txt";
    fs::remove(file);
    QVERIFY(::mkfifo(file.c_str(), 0666) == 0);
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"UNSAFE_DIR"_s);
    fs::remove(file);
    QVERIFY(::mknod(file.c_str(), S_IFCHR | 0666, makedev(1, 5)) == 0);
    m_fixture->start();
    const QString code = ElevatedFixture::codeOf(m_fixture->prepare());
    QVERIFY2(code == u"UNSAFE_DIR"_s || code == u"NEEDS_RIGHTS"_s, qPrintable(code));
}

// A second name would let its owner read or change what only the administrator should.
void TestElevatedHelper::vuln023_hardLinkedFile()
{
    fs::create_hard_link(m_fixture->offered() / "data/shipped.txt", "/opt/home/second-name");
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"UNSAFE_DIR"_s);
    fs::remove("/opt/home/second-name");
    m_fixture->start();
    QCOMPARE(m_fixture->prepare(), done);
}

void TestElevatedHelper::acc039_fileThatIsNotAsSigned_data()
{
    QTest::addColumn<QString>("content");
    QTest::newRow("other bytes") << u"shipped with 2.1\n"_s;
    QTest::newRow("shorter") << u"shipped"_s;
    QTest::newRow("longer") << u"shipped with 2.0\n and more"_s;
    QTest::newRow("missing") << QString();
}

void TestElevatedHelper::acc039_fileThatIsNotAsSigned()
{
    QFETCH(QString, content);
    const fs::path file = m_fixture->offered() / "data/shipped.txt";
    fs::remove(file);
    if (!content.isEmpty())
        writeText(file, content.toStdString());
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()),
             content.isEmpty() ? u"IO"_s : u"MANIFEST"_s);
    QCOMPARE(installed(), u"1.0"_s);
    QCOMPARE(m_fixture->engine().beside(), QStringList());
}

void TestElevatedHelper::h13_unlistedFilesStayOutside()
{
    writeText(m_fixture->offered() / "bin/evil", "#!/bin/sh\n", 0755);
    fs::create_symlink("/etc", m_fixture->offered() / "etc");
    updateTo(u"2.0"_s);
    QVERIFY(!fs::exists(m_fixture->layout().app() / "bin/evil"));
    QVERIFY(!fs::exists(fs::symlink_status(m_fixture->layout().app() / "etc")));
}

// Nobody else may write to what it makes, whatever its starter would let everybody do.
void TestElevatedHelper::h03_umaskOfTheStarter()
{
    m_fixture->start({}, {"/bin/sh", "-c", "umask 0; exec \"$0\" serve"});
    QCOMPARE(m_fixture->prepare(), done);
    struct stat status = {};
    for (const auto &entry : fs::recursive_directory_iterator(m_fixture->layout().folder())) {
        QVERIFY(::lstat(entry.path().c_str(), &status) == 0);
        QVERIFY2(entry.is_symlink() || (status.st_mode & 022) == 0, entry.path().c_str());
    }
}

void TestElevatedHelper::vuln014_namesThatAShellWouldRead()
{
    ShippedFiles files;
    for (const char *name : {"%PATH%", "$(touch x)", "`id`", "a'b\"c", "[x]*?", "-rf", "a;b|c&d",
                             "$HOME"})
        files["data/" + std::string(name)] = std::string("content of ") + name;
    m_fixture->offerRelease("2.0", files);
    updateTo(u"2.0"_s);
    for (const auto &[name, content] : files)
        QCOMPARE(readText(m_fixture->layout().app() / name).toStdString(), content);
}

void TestElevatedHelper::h04_requestsThatNameNoInstall_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::newRow("path") << QByteArray("/etc/passwd");
    QTest::newRow("way up") << QByteArray("../installs/x");
    QTest::newRow("dots") << QByteArray("..");
    QTest::newRow("hidden") << QByteArray(".hidden");
    QTest::newRow("option") << QByteArray("--help");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("unknown") << QByteArray("org.example.sample-ffffffff");
    QTest::newRow("with a zero") << QByteArray("org.example.sample\0x", 20);
    QTest::newRow("line break") << QByteArray("org.example\nx");
    QTest::newRow("long") << QByteArray(60'000, 'a');
}

void TestElevatedHelper::h04_requestsThatNameNoInstall()
{
    QFETCH(QByteArray, id);
    const auto folder = Platform::HeldFolder::open(m_fixture->offer());
    m_fixture->start();
    const QString answer = m_fixture->ask("prepare " + id.toStdString() + " started",
                                          {folder->value()});
    QVERIFY2(ElevatedFixture::codeOf(answer) == u"NEEDS_RIGHTS"_s, qPrintable(answer));
    QCOMPARE(installed(), u"1.0"_s);
}

// Whose install it is stands in the registration; a copy in a user's folder means nothing.
void TestElevatedHelper::vuln032_installOfSomebodyElse()
{
    const fs::path app = "/opt/home/mine";
    m_fixture->engine().makeTree(app, "1.0");
    giveTo(app, PrivateSystem::tester);
    m_fixture->registration().app = app;
    m_fixture->registerApp();
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"UNSAFE_DIR"_s);
    fs::remove_all(app);
}

void TestElevatedHelper::h05_arguments_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("unknown role") << QStringList{u"serve-all"_s};
    QTest::newRow("option") << QStringList{u"--serve"_s};
    QTest::newRow("service with more") << QStringList{u"serve"_s, u"/etc"_s};
    QTest::newRow("elevated without version") << QStringList{u"elevated"_s, u"x"_s};
    QTest::newRow("elevated with more") << QStringList{u"elevated"_s, u"x"_s, u"1"_s, u"--"_s};
    QTest::newRow("response file") << QStringList{u"@/etc/passwd"_s};
    QTest::newRow("quotes") << QStringList{u"'serve'"_s, u"\"serve\""_s, u"$(id)"_s, u"%PATH%"_s};
    QTest::newRow("line break") << QStringList{u"serve\n"_s};
    QTest::newRow("long") << QStringList{QString(100'000, u'a')};
    QTest::newRow("many") << QStringList(20'000, u"serve"_s);
}

void TestElevatedHelper::h05_arguments()
{
    QFETCH(QStringList, arguments);
    QProcess helper;
    helper.start(QStringLiteral(FRESHEN_HELPER), arguments);
    QVERIFY(helper.waitForFinished());
    QCOMPARE(helper.exitCode(), 2);
    QCOMPARE(installed(), u"1.0"_s);
}

// The kernel, or the helper, makes something of it: never a crash.
void TestElevatedHelper::h05_noArgumentsAtAll()
{
    QProcess helper;
    helper.start(u"python3"_s, {u"-c"_s, u"import ctypes, sys\n"
                                         "libc = ctypes.CDLL(None)\n"
                                         "none = (ctypes.c_char_p * 1)(None)\n"
                                         "libc.execve(sys.argv[1].encode(), none, none)"_s,
                                QStringLiteral(FRESHEN_HELPER)});
    QVERIFY(helper.waitForFinished());
    QCOMPARE(helper.exitStatus(), QProcess::NormalExit);
    QCOMPARE(helper.exitCode(), 2);
}

void TestElevatedHelper::h18_placeThatOthersMayWriteTo_data()
{
    QTest::addColumn<QString>("part");
    QTest::addColumn<int>("mode");
    QTest::addColumn<uint>("owner");
    QTest::newRow("acc082 folder above, 777") << u""_s << 0777 << 0u;
    QTest::newRow("acc082 folder above, sticky") << u""_s << 01777 << 0u;
    QTest::newRow("acc082 app, 777") << u"sample"_s << 0777 << 0u;
    QTest::newRow("acc082 app, group") << u"sample"_s << 0775 << 0u;
    QTest::newRow("acc082 folder in it") << u"sample/plugins"_s << 0777 << 0u;
    QTest::newRow("acc082 file in it") << u"sample/mine.txt"_s << 0666 << 0u;
    QTest::newRow("vuln024 app of a user") << u"sample"_s << 0755 << PrivateSystem::tester;
    QTest::newRow("vuln033 engine's folder, 777") << u".sample.freshen"_s << 0777 << 0u;
    QTest::newRow("vuln020 engine's folder of a user")
        << u".sample.freshen"_s << 0755 << PrivateSystem::tester;
}

void TestElevatedHelper::h18_placeThatOthersMayWriteTo()
{
    QFETCH(QString, part);
    QFETCH(int, mode);
    QFETCH(uint, owner);
    const fs::path path = m_fixture->engine().path(part.toStdString());
    giveTo(path, owner);
    QVERIFY(::chmod(path.c_str(), mode_t(mode)) == 0);
    m_fixture->start();
    const QString answer = m_fixture->prepare();
    QCOMPARE(ElevatedFixture::codeOf(answer), u"UNSAFE_DIR"_s);
    QVERIFY2(answer.contains(u"administrator"_s), qPrintable(answer));
    QCOMPARE(installed(), u"1.0"_s);
}

void TestElevatedHelper::h18_registrationThatOthersMayWriteTo_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("mode");
    QTest::addColumn<uint>("owner");
    QTest::newRow("record, 666") << u"/etc/freshen/installs/ID"_s << 0666 << 0u;
    QTest::newRow("record of a user") << u"/etc/freshen/installs/ID"_s << 0644
                                      << PrivateSystem::tester;
    QTest::newRow("its folder") << u"/etc/freshen/installs"_s << 0777 << 0u;
    QTest::newRow("folder above") << u"/etc/freshen"_s << 0775 << 0u;
}

void TestElevatedHelper::h18_registrationThatOthersMayWriteTo()
{
    QFETCH(QString, path);
    QFETCH(int, mode);
    QFETCH(uint, owner);
    const fs::path place = path.replace(u"ID"_s, toQString(m_fixture->id())).toStdString();
    giveTo(place, owner);
    QVERIFY(::chmod(place.c_str(), mode_t(mode)) == 0);
    m_fixture->start();
    const QString code = ElevatedFixture::codeOf(m_fixture->prepare());
    giveTo(place, 0);
    QVERIFY(::chmod(place.c_str(), fs::is_directory(place) ? 0755 : 0644) == 0);
    QCOMPARE(code, u"UNSAFE_DIR"_s);
}

// Links and what is mounted in an old version lead nowhere when it is removed.
void TestElevatedHelper::h19_removesNothingOutside()
{
    const fs::path treasure = "/opt/treasure";
    fs::create_directories(treasure / "inner");
    writeText(treasure / "gold", "gold");
    fs::create_symlink(treasure, m_fixture->layout().app() / "plugins/link");
    fs::create_directories(m_fixture->layout().app() / "plugins/deep");
    fs::path deep = m_fixture->layout().app() / "plugins/deep";
    for (int i = 0; i < 100; ++i)
        fs::create_directory(deep /= "d");
    updateTo(u"2.0"_s);
    m_fixture->offerRelease("3.0");
    updateTo(u"3.0"_s); // removes 1.0
    QCOMPARE(readText(treasure / "gold"), "gold");
    const fs::path mounted = m_fixture->layout().previous() / "mounted";
    fs::create_directory(mounted);
    QVERIFY(::mount(treasure.c_str(), mounted.c_str(), nullptr, MS_BIND, nullptr) == 0);
    m_fixture->offerRelease("4.0");
    m_fixture->start();
    m_fixture->prepare();
    m_fixture->ask("swap");
    m_fixture->ask("commit 0");
    m_fixture->hangUp();
    QCOMPARE(readText(treasure / "gold"), "gold");
    QVERIFY(fs::exists(treasure / "inner"));
    for (const fs::path &place : {m_fixture->layout().previous(), m_fixture->layout().staging()})
        ::umount((place / "mounted").c_str());
}

void TestElevatedHelper::h17_ownerIsTheAdministrator()
{
    updateTo(u"2.0"_s);
    struct stat status = {};
    for (const auto &entry : fs::recursive_directory_iterator(m_fixture->layout().app())) {
        QVERIFY(::lstat(entry.path().c_str(), &status) == 0);
        QCOMPARE(status.st_uid, 0u);
        QVERIFY2(entry.is_symlink() || (status.st_mode & 07022) == 0, entry.path().c_str());
    }
}

void TestElevatedHelper::h21_onlyAnAdministratorIsTheService_data()
{
    QTest::addColumn<uint>("user");
    QTest::newRow("another user") << PrivateSystem::other;
    QTest::newRow("the same user") << PrivateSystem::tester;
}

// Whoever squats the name is told nothing: the watcher looks who listens.
void TestElevatedHelper::h21_onlyAnAdministratorIsTheService()
{
    QFETCH(uint, user);
    fs::remove("/run/freshen-helper.sock");
    QProcess squatter;
    const QString script = u"import os, socket, sys\n"
                           "s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)\n"
                           "s.bind('/run/freshen-helper.sock')\n"
                           "os.chmod('/run/freshen-helper.sock', 0o666)\n"
                           "os.setuid(int(sys.argv[1]))\n"
                           "s.listen(1)\n"
                           "print('listening', flush=True)\n"
                           "c, _ = s.accept()\n"
                           "print('heard:', c.recv(100), flush=True)\n"_s;
    squatter.start(u"python3"_s, {u"-c"_s, script, QString::number(user)});
    QVERIFY(squatter.waitForReadyRead());
    const QString helper = u"/opt/work/helper"_s;
    QFile::remove(helper);
    QVERIFY(QFile::copy(QStringLiteral(FRESHEN_HELPER), helper));
    Install::Order order = m_fixture->engine().order();
    order.folder = m_fixture->offer();
    order.rights = Install::Rights::Service;
    order.registration = m_fixture->id();
    const fs::path file = m_fixture->offer() / "order";
    QVERIFY(order.write(file).has_value());
    m_fixture->giveToUser();
    auto ends = Platform::Channel::create();
    QStringList words = PrivateSystem::asUser(PrivateSystem::tester)
        + QStringList{helper, u"watch"_s, toQString(file), u"3"_s, u"4"_s};
    Platform::StartRequest request;
    request.program = toPath(words.takeFirst());
    for (const QString &word : words)
        request.arguments.push_back(toStdString(word));
    auto lock = Platform::lockFile("/opt/work/lock");
    request.descriptors = {ends->second.value(), lock->value()};
    auto watcher = Platform::Process::start(request);
    QVERIFY(watcher.has_value());
    ends->second.reset();
    const auto answer = ends->first.receive(Platform::Clock::now() + std::chrono::seconds(30));
    QVERIFY(answer && *answer);
    QCOMPARE(ElevatedFixture::codeOf(toQString(**answer)), u"PROTOCOL"_s);
    QVERIFY(squatter.waitForFinished());
    QCOMPARE(squatter.readAll().trimmed(), "listening\nheard: b''");
    fs::remove("/run/freshen-helper.sock");
}

void TestElevatedHelper::h22_outOfTurn_data()
{
    QTest::addColumn<QStringList>("before");
    QTest::addColumn<QString>("request");
    const QStringList prepared{u"prepare"_s};
    const QStringList swapped{u"prepare"_s, u"swap"_s};
    for (const char *request : {"swap", "commit 0", "back", "discard", "failed NOT_READY x",
                                "prepare", "prepare x", "install /etc", "PREPARE x started"})
        QTest::addRow("idle: %s", request) << QStringList() << QString::fromLatin1(request);
    for (const char *request : {"commit 0", "back", "prepare x started", "rollback x", "swap now"})
        QTest::addRow("prepared: %s", request) << prepared << QString::fromLatin1(request);
    for (const char *request : {"swap", "discard", "commit -1", "commit 1e9", "commit 9999999999",
                                "failed IO x", "failed ROLLED_BACK x", "back now"})
        QTest::addRow("swapped: %s", request) << swapped << QString::fromLatin1(request);
}

void TestElevatedHelper::h22_outOfTurn()
{
    QFETCH(QStringList, before);
    QFETCH(QString, request);
    m_fixture->start();
    for (const QString &step : before)
        QCOMPARE(step == u"prepare"_s ? m_fixture->prepare() : m_fixture->ask(step.toStdString()),
                 done);
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->ask(request.toStdString())), u"PROTOCOL"_s);
    // It hangs up, and nothing is left half done.
    QCOMPARE(m_fixture->ask("commit 0"), QString());
    m_fixture->hangUp();
    QCOMPARE(installed(), u"1.0"_s);
    QVERIFY(m_fixture->engine().beside().filter(u"journal"_s).isEmpty());
}

void TestElevatedHelper::h22_hangsUpAtEachState_data()
{
    QTest::addColumn<QStringList>("steps");
    QTest::addColumn<QString>("version");
    QTest::newRow("idle") << QStringList() << u"1.0"_s;
    QTest::newRow("prepared") << QStringList{u"prepare"_s} << u"1.0"_s;
    QTest::newRow("swapped") << QStringList{u"prepare"_s, u"swap"_s} << u"1.0"_s;
    QTest::newRow("committed") << QStringList{u"prepare"_s, u"swap"_s, u"commit 0"_s} << u"2.0"_s;
}

void TestElevatedHelper::h22_hangsUpAtEachState()
{
    QFETCH(QStringList, steps);
    QFETCH(QString, version);
    m_fixture->start();
    for (const QString &step : steps)
        QCOMPARE(step == u"prepare"_s ? m_fixture->prepare() : m_fixture->ask(step.toStdString()),
                 done);
    m_fixture->hangUp();
    QCOMPARE(installed(), version);
    QCOMPARE(m_fixture->engine().lostUserFiles(m_fixture->layout().app()), QStringList());
    QVERIFY(Install::refusedVersions(m_fixture->layout(), Install::Refusal::Failed).empty());
    updateTo(u"2.0"_s);
}

void TestElevatedHelper::h22_flood()
{
    m_fixture->start();
    const std::string large(Platform::Channel::maximumMessage, 'a');
    for (int i = 0; i < 1000; ++i) {
        if (!m_fixture->channel().trySend(large, {}))
            break;
    }
    m_fixture->hangUp();
    QVERIFY(Platform::hasEnded(m_fixture->process().handle()));
    updateTo(u"2.0"_s);
}

// A watcher of a later Freshen is told, and the app stays as it is.
void TestElevatedHelper::h26_unknownRequest()
{
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->ask("prepare2 " + m_fixture->id() + " started x")),
             u"PROTOCOL"_s);
    QCOMPARE(installed(), u"1.0"_s);
}

void TestElevatedHelper::h27_twentyAtOnce()
{
    struct Caller {
        Platform::Channel channel{Platform::Descriptor()};
        Platform::Process process;
    };
    std::vector<Caller> callers(20);
    const auto folder = Platform::HeldFolder::open(m_fixture->offer());
    for (Caller &caller : callers) {
        m_fixture->start();
        caller.channel = std::move(m_fixture->channel());
        caller.process = std::move(m_fixture->process());
        QVERIFY(caller.channel.trySend("prepare " + m_fixture->id() + " started",
                                       {folder->value()}));
    }
    int prepared = 0;
    for (Caller &caller : callers) {
        const auto answer = caller.channel.receive();
        QVERIFY(answer && *answer);
        prepared += **answer == "done";
        if (**answer != "done")
            QCOMPARE(ElevatedFixture::codeOf(toQString(**answer)), u"BUSY"_s);
    }
    QCOMPARE(prepared, 1);
    for (Caller &caller : callers) {
        caller.channel.close();
        Platform::waitForAny({caller.process.handle().value()}, {});
    }
    updateTo(u"2.0"_s);
}

void TestElevatedHelper::h28_waitsForAnotherUsersProcess()
{
    const QString program = toQString(m_fixture->layout().app() / "bin/tail");
    QVERIFY(QFile::copy(u"/usr/bin/tail"_s, program));
    QVERIFY(::chmod(qPrintable(program), 0755) == 0);
    QProcess app;
    const QStringList words = PrivateSystem::asUser(PrivateSystem::other)
        + QStringList{program, u"-f"_s, u"/dev/null"_s};
    app.start(words.first(), words.mid(1));
    QVERIFY(app.waitForStarted());
    QTRY_VERIFY(!Platform::processesRunningFrom(m_fixture->layout().app()).empty());
    m_fixture->start();
    QCOMPARE(m_fixture->prepare(), done);
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->ask("swap")), u"APP_RUNNING"_s);
    // It is not ended: it is somebody else's.
    QCOMPARE(app.state(), QProcess::Running);
    QCOMPARE(installed(), u"1.0"_s);
    app.kill();
    app.waitForFinished();
    QCOMPARE(m_fixture->ask("swap"), done);
    QCOMPARE(m_fixture->ask("commit 0"), done);
}

void TestElevatedHelper::h30_tinyLimits()
{
    m_fixture->start({"serve"}, {"/usr/bin/prlimit", "--fsize=1", "--nofile=5", "--cpu=1", "--core=unlimited"});
    const QString answer = m_fixture->prepare();
    // Without the right to lift them, it says so before it begins.
    if (answer != done) {
        QVERIFY2(answer.startsWith(u"failed NEEDS_RIGHTS"_s), qPrintable(answer));
        QCOMPARE(installed(), u"1.0"_s);
        return;
    }
    QCOMPARE(m_fixture->ask("swap"), done);
    QCOMPARE(m_fixture->ask("commit 0"), done);
    QCOMPARE(installed(), u"2.0"_s);
}

void TestElevatedHelper::h31_cannotBeWatched()
{
    m_fixture->start();
    QCOMPARE(m_fixture->prepare(), done);
    const int id = m_fixture->process().id();
    for (const QStringList &command :
         {QStringList{u"/usr/bin/strace"_s, u"-p"_s, QString::number(id)},
          QStringList{u"/bin/cat"_s, u"/proc/%1/environ"_s.arg(id)},
          QStringList{u"/bin/ls"_s, u"/proc/%1/fd"_s.arg(id)}}) {
        QProcess watcher;
        const QStringList words = PrivateSystem::asUser(PrivateSystem::tester) + command;
        watcher.start(words.first(), words.mid(1));
        QVERIFY(watcher.waitForFinished());
        QVERIFY2(watcher.exitCode() != 0, qPrintable(command.join(u' ')));
    }
    QFile limits(u"/proc/%1/limits"_s.arg(id));
    QVERIFY(limits.open(QIODevice::ReadOnly));
    QVERIFY(limits.readAll().contains("Max core file size        0 "));
    QFile environment(u"/proc/%1/environ"_s.arg(id));
    QVERIFY(environment.open(QIODevice::ReadOnly));
    QCOMPARE(environment.readAll(), QByteArray());
}

FRESHEN_PRIVATE_SYSTEM_MAIN(TestElevatedHelper)

#include "tst_elevatedhelper.moc"
