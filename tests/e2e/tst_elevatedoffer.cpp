// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The half with an administrator's rights, and a user who changes what they offer it: what is
// installed is what was signed, or nothing.

#include "tests/support/elevatedfixture.h"
#include "tests/support/privatesystem.h"

#include "lib/common/convert.h"

#include <QTest>

#include <atomic>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;
namespace fs = std::filesystem;

namespace {

const QString done = u"done"_s;

} // namespace

class TestElevatedOffer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
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
    void h17_ownerIsTheAdministrator();

private:
    std::unique_ptr<ElevatedFixture> m_fixture;
};

void TestElevatedOffer::initTestCase()
{
    if (!PrivateSystem::isInside())
        QSKIP("An administrator's rights and mount namespaces are needed.");
}

void TestElevatedOffer::init()
{
    m_fixture.reset();
    m_fixture = std::make_unique<ElevatedFixture>();
}

// Whoever owns the offer writes to it all the while: what gets in is what was signed, or nothing.
void TestElevatedOffer::h01_changedWhileItIsTakenIn()
{
    const std::string large(8 << 20, 'x');
    m_fixture->offerRelease("2.0", {{"data/large.bin", large}});
    const fs::path file = m_fixture->offered() / "data/large.bin";
    std::atomic<bool> goesOn = true;
    std::thread writer([&] {
        for (int i = 0; goesOn; ++i) {
            const int fd = ::open(file.c_str(), O_WRONLY);
            const off_t place = off_t(i % 64) << 17;
            [[maybe_unused]] const auto written = ::pwrite(fd, i % 2 ? "y" : "x", 1, place);
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

void TestElevatedOffer::h01_changedAfterwards()
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
    QCOMPARE(m_fixture->engine().appVersion(), u"2.0"_s);
}

void TestElevatedOffer::h02_linkInThePlaceOf_data()
{
    QTest::addColumn<QString>("part");
    for (const char *part : {"staged", "staged/bin", "staged/bin/sample", "staged/freshen.json",
                             "staged/freshen.manifest", "staged/freshen.manifest.minisig",
                             "staged/lib"})
        QTest::newRow(part) << QString::fromLatin1(part);
}

// What the link leads to is the right thing, so only the link itself can be the reason.
void TestElevatedOffer::h02_linkInThePlaceOf()
{
    QFETCH(QString, part);
    const fs::path path = m_fixture->offer() / part.toStdString();
    const fs::path aside = m_fixture->offer() / "aside";
    fs::rename(path, aside);
    fs::create_symlink(aside.lexically_relative(path.parent_path()), path);
    m_fixture->start();
    const QString code = ElevatedFixture::codeOf(m_fixture->prepare());
    QVERIFY2(code == u"IO"_s || code == u"UNSAFE_DIR"_s, qPrintable(code));
    QCOMPARE(m_fixture->engine().appVersion(), u"1.0"_s);
    QCOMPARE(m_fixture->engine().beside(), QStringList());
}

void TestElevatedOffer::h02_pipeAndDevice()
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
void TestElevatedOffer::vuln023_hardLinkedFile()
{
    fs::create_hard_link(m_fixture->offered() / "data/shipped.txt", "/opt/home/second-name");
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()), u"UNSAFE_DIR"_s);
    fs::remove("/opt/home/second-name");
    m_fixture->start();
    QCOMPARE(m_fixture->prepare(), done);
}

void TestElevatedOffer::acc039_fileThatIsNotAsSigned_data()
{
    QTest::addColumn<QString>("content");
    QTest::newRow("other bytes") << u"shipped with 2.1\n"_s;
    QTest::newRow("shorter") << u"shipped"_s;
    QTest::newRow("longer") << u"shipped with 2.0\n and more"_s;
    QTest::newRow("missing") << QString();
}

void TestElevatedOffer::acc039_fileThatIsNotAsSigned()
{
    QFETCH(QString, content);
    const fs::path file = m_fixture->offered() / "data/shipped.txt";
    fs::remove(file);
    if (!content.isEmpty())
        writeText(file, content.toStdString());
    m_fixture->start();
    QCOMPARE(ElevatedFixture::codeOf(m_fixture->prepare()),
             content.isEmpty() ? u"IO"_s : u"MANIFEST"_s);
    QCOMPARE(m_fixture->engine().appVersion(), u"1.0"_s);
    QCOMPARE(m_fixture->engine().beside(), QStringList());
}

void TestElevatedOffer::h13_unlistedFilesStayOutside()
{
    writeText(m_fixture->offered() / "bin/evil", "#!/bin/sh\n", 0755);
    fs::create_symlink("/etc", m_fixture->offered() / "etc");
    QCOMPARE(m_fixture->update(), u"2.0"_s);
    QVERIFY(!fs::exists(m_fixture->layout().app() / "bin/evil"));
    QVERIFY(!fs::exists(fs::symlink_status(m_fixture->layout().app() / "etc")));
}

// Nobody else may write to what it makes, whatever its starter would let everybody do.
void TestElevatedOffer::h03_umaskOfTheStarter()
{
    m_fixture->start({}, {"/bin/sh", "-c", "umask 0; exec \"$0\" serve"});
    QCOMPARE(m_fixture->prepare(), done);
    struct stat status = {};
    for (const auto &entry : fs::recursive_directory_iterator(m_fixture->layout().folder())) {
        QVERIFY(::lstat(entry.path().c_str(), &status) == 0);
        QVERIFY2(entry.is_symlink() || (status.st_mode & 022) == 0, entry.path().c_str());
    }
}

void TestElevatedOffer::vuln014_namesThatAShellWouldRead()
{
    ShippedFiles files;
    for (const char *name : {"%PATH%", "$(touch x)", "`id`", "a'b\"c", "[x]*?", "-rf", "a;b|c&d",
                             "$HOME"})
        files["data/" + std::string(name)] = std::string("content of ") + name;
    m_fixture->offerRelease("2.0", files);
    QCOMPARE(m_fixture->update(), u"2.0"_s);
    for (const auto &[name, content] : files)
        QCOMPARE(readText(m_fixture->layout().app() / name).toStdString(), content);
}

void TestElevatedOffer::h17_ownerIsTheAdministrator()
{
    QCOMPARE(m_fixture->update(), u"2.0"_s);
    struct stat status = {};
    for (const auto &entry : fs::recursive_directory_iterator(m_fixture->layout().app())) {
        QVERIFY(::lstat(entry.path().c_str(), &status) == 0);
        QCOMPARE(status.st_uid, 0u);
        QVERIFY2(entry.is_symlink() || (status.st_mode & 07022) == 0, entry.path().c_str());
    }
}

FRESHEN_PRIVATE_SYSTEM_MAIN(TestElevatedOffer)

#include "tst_elevatedoffer.moc"
