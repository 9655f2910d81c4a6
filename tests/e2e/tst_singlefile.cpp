// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// An app that is a single file, updated by the real programs.

#include "lib/common/convert.h"
#include "platform/fileattributes.h"

#include "tests/support/singlefileshop.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTest>

#include <sys/xattr.h>
#include <unistd.h>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestSingleFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void updates();
    void updatesFromEveryKindOfPackage_data();
    void updatesFromEveryKindOfPackage();
    void goesBack();
    void goesBackOnlyWhenThereIsSomewhere();
    void namesTheDamagedFile_data();
    void namesTheDamagedFile();
    void newVersionRuns();
    void oldVersionReturns_data();
    void oldVersionReturns();
    void runningApp();
    void waitsForTheAppToQuit();
    void severalUpdates();
    void renamedWithItsDescription();
    void renamedAlone();
    void throughALink();
    void writeProtectedFile();
    void attributesStay();
    void immutableFolder();
    void mountPoint();
    void usedByAnother();
    void placeOfAnother_data();
    void placeOfAnother();
    void releaseWithMoreFiles();
    void singleFileForAFolder();
    void neighboursStay();
};

namespace {

void verifyDone(const Outcome &outcome)
{
    QVERIFY2(outcome.status == 0, outcome.output + outcome.errors);
}

QStringList filesIn(const QString &folder)
{
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot,
                                  QDir::Name);
}

} // namespace

void TestSingleFile::updates()
{
    SingleFileShop shop;
    shop.installAndRelease(u"2.0"_s);
    QCOMPARE(shop.installedVersion(), u"1.0"_s);
    const Outcome checked = shop.freshen(u"check"_s);
    verifyDone(checked);
    QCOMPARE(checked.json[u"release"_s][u"version"_s].toString(), u"2.0"_s);

    const Outcome updated = shop.freshen(u"update"_s);
    verifyDone(updated);
    QCOMPARE(updated.json[u"from"_s].toString(), u"1.0"_s);
    QCOMPARE(updated.json[u"to"_s].toString(), u"2.0"_s);
    QCOMPARE(readAll(shop.app()), SingleFileShop::build(u"2.0"_s));
    QCOMPARE(shop.installedVersion(), u"2.0"_s);
    QCOMPARE(filesIn(shop.path(u"apps"_s)), QStringList({u".sample.freshen"_s, u"sample"_s}));
    QCOMPARE(shop.leftovers(), QStringList());

    const Outcome status = shop.freshen(u"status"_s);
    QCOMPARE(status.json[u"installed"_s].toString(), u"2.0"_s);
    QCOMPARE(status.json[u"previous"_s].toString(), u"1.0"_s);
    QVERIFY(status.json[u"staged"_s].isNull());
    QVERIFY(!status.json[u"unfinished"_s].toBool());
    QCOMPARE(status.json[u"last"_s][u"result"_s].toString(), u"updated"_s);
    verifyDone(shop.freshen(u"verify"_s));
    QCOMPARE(shop.freshen(u"recover"_s).json[u"result"_s].toString(), u"nothing"_s);
    QCOMPARE(shop.freshen(u"update"_s).status, 3);
}

void TestSingleFile::updatesFromEveryKindOfPackage_data()
{
    QTest::addColumn<QString>("ending");
    for (const char *ending : {".tar.zst", ".tar.xz", ".zip"})
        QTest::newRow(ending) << QString::fromLatin1(ending);
}

void TestSingleFile::updatesFromEveryKindOfPackage()
{
    QFETCH(QString, ending);
    SingleFileShop shop;
    shop.releaseFile(u"1.0"_s);
    shop.installFile(u"1.0"_s);
    const QString file = shop.path(u"sample"_s);
    writeAll(file, SingleFileShop::build(u"2.0"_s));
    QFile::setPermissions(file, QFile::Permissions(0x7755));
    verifyDone(shop.run(u"freshen-appcast"_s,
                        {u"pack"_s, u"--product"_s, u"org.example.sample"_s, u"--version"_s,
                         u"2.0"_s, u"--feed"_s, shop.url(u"appcast.xml"_s), u"--key"_s, shop.key(),
                         file, shop.host() + u'/' + shop.packageName(u"2.0"_s, ending)}));
    shop.generate();
    verifyDone(shop.freshen(u"update"_s));
    QCOMPARE(readAll(shop.app()), SingleFileShop::build(u"2.0"_s));
    verifyDone(shop.freshen(u"verify"_s));
}

void TestSingleFile::goesBack()
{
    SingleFileShop shop;
    shop.installAndRelease(u"2.0"_s);
    verifyDone(shop.freshen(u"update"_s));
    const Outcome left = shop.freshen(u"rollback"_s);
    verifyDone(left);
    QCOMPARE(left.json[u"from"_s].toString(), u"2.0"_s);
    QCOMPARE(left.json[u"to"_s].toString(), u"1.0"_s);
    QCOMPARE(readAll(shop.app()), SingleFileShop::build(u"1.0"_s));
    verifyDone(shop.freshen(u"verify"_s));
    QCOMPARE(shop.leftovers(), QStringList());
    const Outcome status = shop.freshen(u"status"_s);
    QCOMPARE(status.json[u"installed"_s].toString(), u"1.0"_s);
    QVERIFY(status.json[u"previous"_s].isNull());
    // A person may still have it.
    verifyDone(shop.freshen(u"update"_s));
    QCOMPARE(shop.installedVersion(), u"2.0"_s);
}

void TestSingleFile::goesBackOnlyWhenThereIsSomewhere()
{
    SingleFileShop shop;
    shop.installAndRelease(u"2.0"_s);
    const Outcome left = shop.freshen(u"rollback"_s);
    QCOMPARE(left.status, 3);
    QCOMPARE(left.errorCode(), u"NO_PREVIOUS"_s);
    QCOMPARE(shop.installedVersion(), u"1.0"_s);
}

void TestSingleFile::namesTheDamagedFile_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("path");
    QTest::newRow("program") << u"apps/sample"_s << u"sample-1.0"_s;
    QTest::newRow("description") << u"apps/.sample.freshen/freshen.json"_s << u"freshen.json"_s;
}

// An update mends it.
void TestSingleFile::namesTheDamagedFile()
{
    QFETCH(QString, file);
    QFETCH(QString, path);
    SingleFileShop shop;
    shop.installAndRelease(u"2.0"_s);
    const QString damaged = shop.path(file);
    // A space more leaves the description readable.
    writeAll(damaged, readAll(damaged) + ' ');
    const Outcome verified = shop.freshen(u"verify"_s);
    QCOMPARE(verified.status, 4);
    const QJsonArray files = verified.json[u"files"_s].toArray();
    QCOMPARE(files.size(), 1);
    QCOMPARE(files[0][u"path"_s].toString(), path);
    QCOMPARE(files[0][u"problem"_s].toString(), u"size"_s);
    verifyDone(shop.freshen(u"update"_s));
    verifyDone(shop.freshen(u"verify"_s));
}

void TestSingleFile::newVersionRuns()
{
    SingleFileShop shop;
    shop.installAndRelease(u"2.0"_s);
    verifyDone(shop.freshen(u"update"_s, {u"--launch"_s}));
    QCOMPARE(shop.starts(), QStringList{u"2.0"_s});
    QCOMPARE(shop.freshen(u"status"_s).json[u"previous"_s].toString(), u"1.0"_s);
    shop.endApp();
}

void TestSingleFile::oldVersionReturns_data()
{
    QTest::addColumn<QString>("behaviour");
    for (const char *behaviour : {"crashes", "leaves", "hangs"})
        QTest::newRow(behaviour) << QString::fromLatin1(behaviour);
}

void TestSingleFile::oldVersionReturns()
{
    QFETCH(QString, behaviour);
    SingleFileShop shop;
    shop.installAndRelease(u"2.0"_s, behaviour);
    const Outcome updated = shop.freshen(u"update"_s,
                                         {u"--launch"_s, u"--ready-timeout"_s, u"5"_s});
    QVERIFY2(updated.status == 6, updated.output + updated.errors);
    QCOMPARE(updated.errorCode(), u"ROLLED_BACK"_s);
    QCOMPARE(readAll(shop.app()), SingleFileShop::build(u"1.0"_s));
    verifyDone(shop.freshen(u"verify"_s));
    QCOMPARE(shop.leftovers(), QStringList());
    QTRY_COMPARE(shop.starts(), (QStringList{u"2.0"_s, u"1.0"_s}));
    shop.endApp();
    QCOMPARE(shop.freshen(u"update"_s).json[u"reason"_s].toString(), u"failed-before"_s);
}

void TestSingleFile::runningApp()
{
    SingleFileShop shop;
    shop.installAndRelease(u"2.0"_s);
    const auto app = shop.startFile();
    const Outcome updated = shop.freshen(u"update"_s);
    QCOMPARE(updated.status, 5);
    QCOMPARE(updated.errorCode(), u"APP_RUNNING"_s);
    QCOMPARE(shop.installedVersion(), u"1.0"_s);
    QCOMPARE(shop.freshen(u"status"_s).json[u"staged"_s].toString(), u"2.0"_s);
    app->terminate();
    QVERIFY(app->waitForFinished());
    const Outcome again = shop.freshen(u"update"_s);
    verifyDone(again);
    QCOMPARE(again.json[u"route"_s].toString(), u"staged"_s);
    QCOMPARE(shop.installedVersion(), u"2.0"_s);
}

void TestSingleFile::waitsForTheAppToQuit()
{
    SingleFileShop shop;
    shop.installAndRelease(u"2.0"_s);
    const auto app = shop.startFile();
    const auto updating = shop.start(
        u"freshen"_s, {u"update"_s, u"--app"_s, shop.app(), u"--wait"_s, u"120"_s});
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(shop.control() + u"/journal"_s), 60'000);
    QCOMPARE(shop.installedVersion(), u"1.0"_s);
    app->terminate();
    QVERIFY(updating->waitForFinished(60'000));
    QCOMPARE(updating->exitCode(), 0);
    QCOMPARE(shop.installedVersion(), u"2.0"_s);
    QVERIFY(app->waitForFinished());
}

void TestSingleFile::severalUpdates()
{
    SingleFileShop shop;
    shop.releaseFile(u"1.0"_s);
    shop.installFile(u"1.0"_s);
    for (const QString &version : {u"2.0"_s, u"3.0"_s, u"4.0"_s}) {
        shop.releaseFile(version);
        verifyDone(shop.freshen(u"update"_s));
        QCOMPARE(readAll(shop.app()), SingleFileShop::build(version));
        QCOMPARE(shop.leftovers(), QStringList());
    }
    QCOMPARE(shop.freshen(u"status"_s).json[u"previous"_s].toString(), u"3.0"_s);
}

void TestSingleFile::renamedWithItsDescription()
{
    SingleFileShop shop;
    shop.installAndRelease(u"2.0"_s);
    const QString renamed = shop.path(u"apps/My Sample"_s);
    QVERIFY(QFile::rename(shop.app(), renamed));
    QVERIFY(QFile::rename(shop.control(), shop.path(u"apps/.My Sample.freshen"_s)));
    verifyDone(shop.run(u"freshen"_s, {u"update"_s, u"--app"_s, renamed}));
    QCOMPARE(shop.versionOf(renamed), u"2.0"_s);
    QCOMPARE(filesIn(shop.path(u"apps"_s)),
             QStringList({u".My Sample.freshen"_s, u"My Sample"_s}));
    verifyDone(shop.run(u"freshen"_s, {u"verify"_s, u"--app"_s, renamed}));
}

void TestSingleFile::renamedAlone()
{
    SingleFileShop shop;
    shop.installAndRelease(u"2.0"_s);
    const QString renamed = shop.path(u"apps/other"_s);
    QVERIFY(QFile::rename(shop.app(), renamed));
    const Outcome updated = shop.run(u"freshen"_s,
                                     {u"update"_s, u"--app"_s, renamed, u"--json"_s});
    QCOMPARE(updated.errorCode(), u"CONFIG"_s);
    QVERIFY2(updated.errorMessage().contains(shop.path(u"apps/.other.freshen/freshen.json"_s)),
             updated.output);
    QCOMPARE(shop.versionOf(renamed), u"1.0"_s);
    QCOMPARE(filesIn(shop.path(u"apps"_s)), QStringList({u".sample.freshen"_s, u"other"_s}));
}

// The link stays, what it leads to is replaced.
void TestSingleFile::throughALink()
{
    SingleFileShop shop;
    shop.installAndRelease(u"2.0"_s);
    QVERIFY(QDir().mkpath(shop.path(u"bin"_s)));
    const QString link = shop.path(u"bin/sample"_s);
    QVERIFY(QFile::link(u"../apps/sample"_s, link));
    verifyDone(shop.run(u"freshen"_s, {u"update"_s, u"--app"_s, link, u"--launch"_s}));
    shop.endApp();
    QVERIFY(QFileInfo(link).isSymLink());
    QCOMPARE(shop.installedVersion(), u"2.0"_s);
    QCOMPARE(shop.versionOf(link), u"2.0"_s);
    QCOMPARE(filesIn(shop.path(u"bin"_s)), QStringList{u"sample"_s});
}

// Who may write to the folder may replace it.
void TestSingleFile::writeProtectedFile()
{
    SingleFileShop shop;
    shop.installAndRelease(u"2.0"_s);
    QVERIFY(QFile::setPermissions(shop.app(), QFile::Permissions(0x5555)));
    verifyDone(shop.freshen(u"update"_s));
    QCOMPARE(shop.installedVersion(), u"2.0"_s);
    verifyDone(shop.freshen(u"verify"_s));
}

void TestSingleFile::attributesStay()
{
    SingleFileShop shop;
    shop.installAndRelease(u"2.0"_s);
    const std::string app = toStdString(shop.app());
    if (::setxattr(app.c_str(), "user.note", "mine", 4, 0) != 0
        || shop.run(u"setcap"_s, {u"cap_net_bind_service+ep"_s, shop.app()}).status != 0)
        QSKIP("the file system keeps no attributes, or they take an administrator");
    const auto before = Platform::fileAttributes(app);
    QVERIFY(before && before->extended.contains("security.capability"));
    for (const QString &command : {u"update"_s, u"rollback"_s}) {
        verifyDone(shop.freshen(command));
        const auto after = Platform::fileAttributes(app);
        QVERIFY(after);
        QVERIFY(after->extended == before->extended);
        QCOMPARE(after->extended.at("user.note"), std::string("mine"));
        verifyDone(shop.freshen(u"verify"_s));
    }
}

// Told before the first byte of the package is fetched.
void TestSingleFile::immutableFolder()
{
    SingleFileShop shop;
    shop.installAndRelease(u"2.0"_s);
    const QString folder = shop.path(u"apps"_s);
    if (shop.run(u"chattr"_s, {u"+i"_s, folder}).status != 0)
        QSKIP("the file system knows no immutable folders, or they take an administrator");
    const Outcome updated = shop.freshen(u"update"_s);
    QCOMPARE(shop.run(u"chattr"_s, {u"-i"_s, folder}).status, 0);
    QCOMPARE(updated.errorCode(), u"NEEDS_RIGHTS"_s);
    QVERIFY2(updated.errorMessage().contains(u"immutable"_s), updated.output);
    QVERIFY(!QFile::exists(shop.downloads()) || QDir(shop.downloads()).isEmpty());
    QCOMPARE(shop.installedVersion(), u"1.0"_s);
}

void TestSingleFile::mountPoint()
{
    SingleFileShop shop;
    shop.installAndRelease(u"2.0"_s);
    const QString copy = shop.path(u"copy"_s);
    QVERIFY(QFile::copy(shop.app(), copy));
    if (shop.run(u"mount"_s, {u"--bind"_s, copy, shop.app()}).status != 0)
        QSKIP("only an administrator can mount");
    const Outcome updated = shop.freshen(u"update"_s);
    QCOMPARE(shop.run(u"umount"_s, {shop.app()}).status, 0);
    QCOMPARE(updated.errorCode(), u"NO_EXCHANGE"_s);
    QVERIFY2(updated.errorMessage().contains(u"is a mount point"_s), updated.output);
    QVERIFY(!QFile::exists(shop.downloads()) || QDir(shop.downloads()).isEmpty());
    QCOMPARE(shop.installedVersion(), u"1.0"_s);
}

// Who runs it is not seen, that it is run is.
void TestSingleFile::usedByAnother()
{
    SingleFileShop shop;
    shop.installAndRelease(u"2.0"_s);
    if (::geteuid() != 0)
        QSKIP("needs another user");
    QFile::setPermissions(shop.path(), QFile::Permissions(0x7755));
    // The update runs in a /proc of its own, where the app's process is not.
    const auto app = shop.start(u"setpriv"_s,
                                {u"--reuid=65534"_s, u"--clear-groups"_s, shop.app()});
    QTRY_VERIFY(QFile::symLinkTarget(u"/proc/%1/exe"_s.arg(app->processId())) == shop.app());
    const QString freshen = QStringLiteral(FRESHEN_BUILD_BIN "/freshen");
    const Outcome updated = shop.run(
        u"unshare"_s, {u"--pid"_s, u"--fork"_s, u"--mount-proc"_s, freshen, u"update"_s,
                       u"--app"_s, shop.app(), u"--json"_s});
    app->terminate();
    QVERIFY(app->waitForFinished());
    QCOMPARE(updated.errorCode(), u"APP_RUNNING"_s);
    QCOMPARE(shop.installedVersion(), u"1.0"_s);
    verifyDone(shop.freshen(u"update"_s));
}

void TestSingleFile::placeOfAnother_data()
{
    QTest::addColumn<QString>("folderMode");
    QTest::addColumn<bool>("isAllowed");
    QTest::newRow("folder is another's") << u"755"_s << false;
    QTest::newRow("file is another's") << u"777"_s << true;
}

void TestSingleFile::placeOfAnother()
{
    QFETCH(QString, folderMode);
    QFETCH(bool, isAllowed);
    if (::geteuid() != 0)
        QSKIP("needs another user to drop to");
    SingleFileShop shop;
    shop.installAndRelease(u"2.0"_s);
    QFile::setPermissions(shop.path(), QFile::Permissions(0x7755));
    shop.run(u"chmod"_s, {folderMode, shop.path(u"apps"_s)});
    shop.run(u"chown"_s, {u"-R"_s, u"65534:65534"_s, shop.path(u"home"_s)});
    if (isAllowed)
        shop.run(u"chown"_s, {u"-R"_s, u"65534:65534"_s, shop.control()});
    const QString freshen = QStringLiteral(FRESHEN_BUILD_BIN "/freshen");
    const QStringList asNobody = {u"--reuid=65534"_s, u"--regid=65534"_s, u"--clear-groups"_s,
                                  freshen};
    if (shop.run(u"setpriv"_s, asNobody + QStringList{u"--version"_s}).status != 0)
        QSKIP("the build folder cannot be read by others");
    const Outcome updated = shop.run(
        u"setpriv"_s, asNobody + QStringList{u"update"_s, u"--app"_s, shop.app(), u"--json"_s});
    QCOMPARE(updated.errorCode(), isAllowed ? QString() : u"NEEDS_RIGHTS"_s);
    QCOMPARE(shop.installedVersion(), isAllowed ? u"2.0"_s : u"1.0"_s);
    QVERIFY(isAllowed || updated.errorMessage().contains(shop.path(u"apps"_s)));
    QCOMPARE(QDir(shop.downloads()).entryList(QDir::NoDotAndDotDot | QDir::AllEntries),
             QStringList());
}

void TestSingleFile::releaseWithMoreFiles()
{
    SingleFileShop shop;
    shop.releaseFile(u"1.0"_s);
    shop.installFile(u"1.0"_s);
    shop.executable = u"bin/sample"_s;
    shop.release(u"2.0"_s);
    const Outcome updated = shop.freshen(u"update"_s);
    QCOMPARE(updated.status, 4);
    QCOMPARE(updated.errorCode(), u"MANIFEST"_s);
    QVERIFY2(updated.errorMessage().contains(u"single file"_s), updated.output);
    QVERIFY(!QFile::exists(shop.downloads()) || QDir(shop.downloads()).isEmpty());
    QCOMPARE(readAll(shop.app()), SingleFileShop::build(u"1.0"_s));
    verifyDone(shop.freshen(u"verify"_s));
    QCOMPARE(shop.leftovers(), QStringList());
}

// A release of one file is a folder with one program where a folder is installed.
void TestSingleFile::singleFileForAFolder()
{
    SingleFileShop shop;
    shop.executable = u"bin/sample"_s;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    shop.releaseFile(u"2.0"_s);
    verifyDone(shop.freshen(u"update"_s));
    QCOMPARE(shop.versionOf(shop.app() + u"/sample-2.0"_s), u"2.0"_s);
    QVERIFY(!QFile::exists(shop.app() + u"/bin"_s));
    verifyDone(shop.freshen(u"verify"_s));
}

// What else lies in its folder is nobody's business, even another app of the kind.
void TestSingleFile::neighboursStay()
{
    SingleFileShop shop;
    shop.installAndRelease(u"2.0"_s);
    for (const QString &name : {u"freshen.json"_s, u"sample-2.0"_s, u"sample.minisig"_s})
        writeAll(shop.path(u"apps/"_s + name), "mine");
    verifyDone(shop.freshen(u"update"_s));
    verifyDone(shop.freshen(u"rollback"_s));
    for (const QString &name : {u"freshen.json"_s, u"sample-2.0"_s, u"sample.minisig"_s})
        QCOMPARE(readAll(shop.path(u"apps/"_s + name)), "mine");
}

QTEST_GUILESS_MAIN(TestSingleFile)
#include "tst_singlefile.moc"
