// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The whole path through the real programs: packed, published, served, updated, gone back.

#include "tests/support/workshop.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestUpdate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void updates();
    void updatesFromEveryKindOfPackage_data();
    void updatesFromEveryKindOfPackage();
    void keepsFilesOfTheUser();
    void keepsFilesOfTheUserThatTheNewVersionShipsItself();
    void goesBack();
    void goesBackOnlyWhenThereIsSomewhere();
    void namesTheDamagedFile();
    void saysWhenThereIsNothingToDo();
    void waitsForTheAppToQuit();
    void acc080_appThatStaysOpen();
    void acc080_startsDuringTheSwap();
    void acc027_usesWhatIsStagedAlready();
    void passesArgumentsAndRelaunches();
    void refusesASecondUpdateAtOnce();
};

void TestUpdate::updates()
{
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s);
    QCOMPARE(shop.runningVersion(), u"1.0"_s);

    const Outcome checked = shop.freshen(u"check"_s);
    QCOMPARE(checked.status, 0);
    QCOMPARE(checked.json[u"result"_s].toString(), u"update"_s);
    QCOMPARE(checked.json[u"release"_s][u"version"_s].toString(), u"2.0"_s);
    QVERIFY(checked.json[u"feed"_s][u"signed"_s].toBool());

    const Outcome updated = shop.freshen(u"update"_s);
    QVERIFY2(updated.status == 0, updated.output + updated.errors);
    QCOMPARE(updated.json[u"result"_s].toString(), u"updated"_s);
    QCOMPARE(updated.json[u"from"_s].toString(), u"1.0"_s);
    QCOMPARE(updated.json[u"to"_s].toString(), u"2.0"_s);
    QCOMPARE(updated.json[u"route"_s].toString(), u"full"_s);
    QVERIFY(updated.json[u"bytesFetched"_s].toInt() > 0);
    QCOMPARE(shop.runningVersion(), u"2.0"_s);
    QCOMPARE(shop.leftovers(), QStringList());

    const Outcome status = shop.freshen(u"status"_s);
    QCOMPARE(status.json[u"installed"_s].toString(), u"2.0"_s);
    QCOMPARE(status.json[u"previous"_s].toString(), u"1.0"_s);
    QVERIFY(status.json[u"staged"_s].isNull());
    QVERIFY(!status.json[u"unfinished"_s].toBool());
    QCOMPARE(status.json[u"last"_s][u"result"_s].toString(), u"updated"_s);
    QCOMPARE(shop.freshen(u"verify"_s).status, 0);
}

void TestUpdate::updatesFromEveryKindOfPackage_data()
{
    QTest::addColumn<QString>("ending");
    for (const char *ending : {".tar.zst", ".tar.xz", ".tar.gz", ".zip"})
        QTest::newRow(ending) << QString::fromLatin1(ending);
}

void TestUpdate::updatesFromEveryKindOfPackage()
{
    QFETCH(QString, ending);
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    const QString tree = shop.makeTree(u"2.0"_s);
    const QString package = shop.host() + u'/' + shop.packageName(u"2.0"_s, ending);
    const Outcome packed = shop.run(
        u"freshen-appcast"_s,
        {u"pack"_s, u"--product"_s, u"org.example.sample"_s, u"--version"_s, u"2.0"_s,
         u"--executable"_s, u"bin/sample"_s, u"--feed"_s, shop.url(u"appcast.xml"_s), u"--key"_s,
         shop.key(), tree, package});
    QVERIFY2(packed.status == 0, packed.errors);
    shop.generate();
    const Outcome updated = shop.freshen(u"update"_s);
    QVERIFY2(updated.status == 0, updated.output);
    QCOMPARE(shop.runningVersion(), u"2.0"_s);
    QCOMPARE(shop.freshen(u"verify"_s).status, 0);
}

void TestUpdate::keepsFilesOfTheUser()
{
    Workshop shop;
    shop.release(u"1.0"_s, {}, {{u"data/shipped.txt"_s, "one"}});
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s, {}, {{u"data/shipped.txt"_s, "two"}});
    QDir(shop.app()).mkpath(u"plugins/mine"_s);
    writeAll(shop.app() + u"/plugins/mine/plugin.so"_s, "mine");
    writeAll(shop.app() + u"/data/own.txt"_s, "own");
    QCOMPARE(shop.freshen(u"update"_s).status, 0);
    QCOMPARE(readAll(shop.app() + u"/plugins/mine/plugin.so"_s), "mine");
    QCOMPARE(readAll(shop.app() + u"/data/own.txt"_s), "own");
    QCOMPARE(readAll(shop.app() + u"/data/shipped.txt"_s), "two");

    writeAll(shop.app() + u"/later.txt"_s, "later");
    QCOMPARE(shop.freshen(u"rollback"_s).status, 0);
    QCOMPARE(readAll(shop.app() + u"/data/own.txt"_s), "own");
    QCOMPARE(readAll(shop.app() + u"/later.txt"_s), "later");
    QCOMPARE(readAll(shop.app() + u"/data/shipped.txt"_s), "one");
}

void TestUpdate::keepsFilesOfTheUserThatTheNewVersionShipsItself()
{
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s, {}, {{u"notes.txt"_s, "shipped"}});
    writeAll(shop.app() + u"/notes.txt"_s, "mine");
    QCOMPARE(shop.freshen(u"update"_s).status, 0);
    QCOMPARE(readAll(shop.app() + u"/notes.txt"_s), "shipped");
    QCOMPARE(readAll(shop.control() + u"/kept/1.0/notes.txt"_s), "mine");
}

void TestUpdate::goesBack()
{
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s);
    QCOMPARE(shop.freshen(u"update"_s).status, 0);
    const Outcome back = shop.freshen(u"rollback"_s);
    QVERIFY2(back.status == 0, back.output);
    QCOMPARE(shop.runningVersion(), u"1.0"_s);
    QCOMPARE(shop.freshen(u"verify"_s).status, 0);
    QVERIFY(shop.freshen(u"status"_s).json[u"previous"_s].isNull());
    QCOMPARE(shop.leftovers(), QStringList());
    // Scheduled checks leave the person in peace; a person who asks gets it again.
    QCOMPARE(shop.freshen(u"check"_s, {u"--scheduled"_s}).json[u"reason"_s].toString(),
             u"skipped"_s);
    QCOMPARE(shop.freshen(u"update"_s).status, 0);
    QCOMPARE(shop.runningVersion(), u"2.0"_s);
}

void TestUpdate::goesBackOnlyWhenThereIsSomewhere()
{
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    const Outcome back = shop.freshen(u"rollback"_s);
    QCOMPARE(back.status, 3);
    QCOMPARE(back.errorCode(), u"NO_PREVIOUS"_s);
}

void TestUpdate::namesTheDamagedFile()
{
    Workshop shop;
    shop.release(u"1.0"_s, {}, {{u"lib/f1"_s, "content"}});
    shop.install(u"1.0"_s);
    flipBit(shop.app() + u"/lib/f1"_s);
    const Outcome verified = shop.freshen(u"verify"_s);
    QCOMPARE(verified.status, 4);
    QCOMPARE(verified.json[u"result"_s].toString(), u"damaged"_s);
    QCOMPARE(verified.json[u"files"_s][0][u"path"_s].toString(), u"lib/f1"_s);
    QCOMPARE(verified.json[u"files"_s][0][u"problem"_s].toString(), u"content"_s);
}

void TestUpdate::saysWhenThereIsNothingToDo()
{
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    const Outcome updated = shop.freshen(u"update"_s);
    QCOMPARE(updated.status, 3);
    QCOMPARE(updated.json[u"reason"_s].toString(), u"up-to-date"_s);
}

void TestUpdate::waitsForTheAppToQuit()
{
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s);
    const auto app = shop.startApp();
    const auto updating = shop.start(u"freshen"_s,
                                     {u"update"_s, u"--app"_s, shop.app(), u"--wait"_s, u"60"_s});
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(shop.control() + u"/journal"_s), 30'000);
    QCOMPARE(shop.runningVersion(), u"1.0"_s);
    app->terminate();
    QVERIFY(updating->waitForFinished(30'000));
    QCOMPARE(updating->exitCode(), 0);
    QCOMPARE(shop.runningVersion(), u"2.0"_s);
    QVERIFY(app->waitForFinished());
}

void TestUpdate::acc080_appThatStaysOpen()
{
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s);
    const auto app = shop.startApp();
    const Outcome updated = shop.freshen(u"update"_s);
    QCOMPARE(updated.status, 5);
    QCOMPARE(updated.errorCode(), u"APP_RUNNING"_s);
    QVERIFY(updated.errorMessage().contains(u"sample"_s));
    QCOMPARE(shop.runningVersion(), u"1.0"_s);
    QCOMPARE(shop.freshen(u"status"_s).json[u"staged"_s].toString(), u"2.0"_s);
    app->terminate();
    QVERIFY(app->waitForFinished());
}

// Whenever somebody starts the app, it is one of the two versions.
void TestUpdate::acc080_startsDuringTheSwap()
{
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s);
    const auto updating = shop.start(
        u"freshen"_s, {u"update"_s, u"--app"_s, shop.app(), u"--wait"_s, u"60"_s});
    QStringList versions;
    while (!updating->waitForFinished(0) && updating->state() == QProcess::Running)
        versions += shop.runningVersion();
    versions += shop.runningVersion();
    QCOMPARE(updating->exitCode(), 0);
    QCOMPARE(versions.first(), u"1.0"_s);
    QCOMPARE(versions.last(), u"2.0"_s);
    QCOMPARE(versions.count(u"1.0"_s) + versions.count(u"2.0"_s), versions.size());
    versions.removeDuplicates();
    QCOMPARE(versions, (QStringList{u"1.0"_s, u"2.0"_s}));
}

void TestUpdate::acc027_usesWhatIsStagedAlready()
{
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s);
    auto app = shop.startApp();
    QCOMPARE(shop.freshen(u"update"_s).status, 5);
    app->terminate();
    QVERIFY(app->waitForFinished());
    QVERIFY(QFile::remove(shop.host() + u'/' + shop.packageName(u"2.0"_s)));
    const Outcome updated = shop.freshen(u"update"_s);
    QVERIFY2(updated.status == 0, updated.output);
    QCOMPARE(updated.json[u"route"_s].toString(), u"staged"_s);
    QCOMPARE(shop.runningVersion(), u"2.0"_s);
}

void TestUpdate::passesArgumentsAndRelaunches()
{
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s);
    const Outcome updated = shop.freshen(u"update"_s, {u"--launch"_s});
    QVERIFY2(updated.status == 0, updated.output);
    QTRY_COMPARE(shop.starts(), QStringList{u"2.0"_s});
    // It runs in a session of its own and outlives the update; nobody else ends it.
    QCOMPARE(shop.freshen(u"update"_s).json[u"reason"_s].toString(), u"up-to-date"_s);
    shop.endApp();
}

void TestUpdate::refusesASecondUpdateAtOnce()
{
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s);
    const auto app = shop.startApp();
    const auto first = shop.start(u"freshen"_s,
                                  {u"update"_s, u"--app"_s, shop.app(), u"--wait"_s, u"60"_s});
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(shop.control() + u"/journal"_s), 30'000);
    const Outcome second = shop.freshen(u"update"_s);
    QCOMPARE(second.status, 1);
    QCOMPARE(second.errorCode(), u"BUSY"_s);
    app->terminate();
    QVERIFY(first->waitForFinished(30'000));
    QCOMPARE(first->exitCode(), 0);
    QVERIFY(app->waitForFinished());
}

QTEST_GUILESS_MAIN(TestUpdate)
#include "tst_update.moc"
