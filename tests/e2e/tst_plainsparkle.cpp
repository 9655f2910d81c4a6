// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Apps that are updated from feeds and archives made for Sparkle alone.

#include "tests/support/plainshop.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestPlainSparkle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void updatesFromEveryKindOfPackage_data();
    void updatesFromEveryKindOfPackage();
    void checkTellsTheRelease();
    void unknownLength();
    void ownDescription();
    void ownManifest();
    void linksAndEmptyFolders_data();
    void linksAndEmptyFolders();
    void plainToPlainAndBack();
    void versionBeforeTheFirstIsKept();
    void keepsFilesOfTheUser();
    void verifyFindsDamage_data();
    void verifyFindsDamage();
    void changedManifestIsNotAcceptedLater();
    void failedVersionGoesBack();
    void stagedTreeIsUsedAgain();
    void otherPackageOfTheStagedVersion();
    void releaseWithManifestKeepsItsRoute();
    void interruptedUpdateRecovers();

private:
    static void verifyUpdated(const Outcome &outcome, PlainShop &shop, const QString &version);
};

void TestPlainSparkle::verifyUpdated(const Outcome &outcome, PlainShop &shop,
                                     const QString &version)
{
    QVERIFY2(outcome.status == 0, outcome.output + outcome.errors);
    QCOMPARE(outcome.json[u"to"_s].toString(), version);
    QCOMPARE(shop.runningVersion(), version);
    const Outcome verified = shop.freshen(u"verify"_s);
    QVERIFY2(verified.status == 0, verified.output);
    QCOMPARE(shop.leftovers(), QStringList());
}

void TestPlainSparkle::updatesFromEveryKindOfPackage_data()
{
    QTest::addColumn<QString>("ending");
    QTest::addColumn<bool>("isInFolder");
    for (const char *ending :
         {".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst"})
        QTest::newRow(ending) << QString::fromLatin1(ending) << true;
    for (const char *ending : {".zip", ".tar.gz"})
        QTest::addRow("%s without a folder", ending) << QString::fromLatin1(ending) << false;
}

void TestPlainSparkle::updatesFromEveryKindOfPackage()
{
    QFETCH(QString, ending);
    QFETCH(bool, isInFolder);
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    const QString name = u"sample"_s + ending;
    shop.archive(shop.makeTree(u"2.0"_s), name, isInFolder);
    shop.writeFeed(u"2.0"_s, name, shop.signatureOf(name));
    const Outcome updated = shop.freshen(u"update"_s);
    verifyUpdated(updated, shop, u"2.0"_s);
    QCOMPARE(updated.json[u"route"_s].toString(), u"full"_s);
    const Outcome status = shop.freshen(u"status"_s);
    QCOMPARE(status.json[u"installed"_s].toString(), u"2.0"_s);
    const QByteArray description = readAll(shop.app() + u"/freshen.json"_s);
    QVERIFY2(description.contains("\"aMemberOfLaterTimes\": \"kept\""), description);
}

void TestPlainSparkle::checkTellsTheRelease()
{
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    shop.releasePlain(u"2.0"_s);
    const Outcome checked = shop.freshen(u"check"_s);
    QCOMPARE(checked.status, 0);
    QCOMPARE(checked.json[u"release"_s][u"version"_s].toString(), u"2.0"_s);
    QCOMPARE(checked.json[u"release"_s][u"url"_s].toString(), shop.url(u"sample-2.0.zip"_s));
    QVERIFY(!checked.json[u"feed"_s][u"signed"_s].toBool(true));
}

void TestPlainSparkle::unknownLength()
{
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    shop.releasePlain(u"2.0"_s);
    shop.writeFeed(u"2.0"_s, u"sample-2.0.zip"_s,
                   shop.signatureOf(u"sample-2.0.zip"_s).section(u" length"_s, 0, 0));
    verifyUpdated(shop.freshen(u"update"_s), shop, u"2.0"_s);
}

void TestPlainSparkle::ownDescription()
{
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    const QByteArray own = shop.description(u"2.0"_s).replace("kept", "new");
    shop.releasePlain(u"2.0"_s, {{u"freshen.json"_s, own}});
    verifyUpdated(shop.freshen(u"update"_s), shop, u"2.0"_s);
    QCOMPARE(readAll(shop.app() + u"/freshen.json"_s), own);
}

// Freshen's own package in a feed that does not know about manifests.
void TestPlainSparkle::ownManifest()
{
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    shop.release(u"2.0"_s);
    const QString name = shop.packageName(u"2.0"_s);
    shop.writeFeed(u"2.0"_s, name, shop.signatureOf(name));
    verifyUpdated(shop.freshen(u"update"_s), shop, u"2.0"_s);
    QVERIFY(QFile::exists(shop.app() + u"/freshen.manifest.minisig"_s));
}

void TestPlainSparkle::linksAndEmptyFolders_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"sample.zip", "sample.tar.gz"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TestPlainSparkle::linksAndEmptyFolders()
{
    QFETCH(QString, name);
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    const QString tree = shop.makeTree(u"2.0"_s, {}, {{u"lib/libx.so.1"_s, "library"}});
    QDir(tree).mkpath(u"empty"_s);
    QVERIFY(QFile::link(u"libx.so.1"_s, tree + u"/lib/libx.so"_s));
    shop.archive(tree, name);
    shop.writeFeed(u"2.0"_s, name, shop.signatureOf(name));
    verifyUpdated(shop.freshen(u"update"_s), shop, u"2.0"_s);
    QCOMPARE(QFile::symLinkTarget(shop.app() + u"/lib/libx.so"_s),
             shop.app() + u"/lib/libx.so.1"_s);
    QVERIFY(QDir(shop.app() + u"/empty"_s).exists());
}

void TestPlainSparkle::plainToPlainAndBack()
{
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    for (const QString &version : {u"2.0"_s, u"3.0"_s, u"4.0"_s}) {
        shop.releasePlain(version);
        verifyUpdated(shop.freshen(u"update"_s), shop, version);
    }
    QCOMPARE(shop.freshen(u"status"_s).json[u"previous"_s].toString(), u"3.0"_s);
    const Outcome back = shop.freshen(u"rollback"_s);
    QVERIFY2(back.status == 0, back.output);
    QCOMPARE(shop.runningVersion(), u"3.0"_s);
    QCOMPARE(shop.freshen(u"verify"_s).status, 0);
    // What the record needs no longer is forgotten.
    shop.releasePlain(u"5.0"_s);
    verifyUpdated(shop.freshen(u"update"_s), shop, u"5.0"_s);
    QCOMPARE(readAll(shop.control() + u"/accepted"_s).count("manifest "), 2);
}

// Nobody knows which of its files are the user's, so nothing of it is removed.
void TestPlainSparkle::versionBeforeTheFirstIsKept()
{
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    writeAll(shop.app() + u"/own.txt"_s, "own");
    for (const QString &version : {u"2.0"_s, u"3.0"_s}) {
        shop.releasePlain(version);
        verifyUpdated(shop.freshen(u"update"_s), shop, version);
    }
    QCOMPARE(readAll(shop.control() + u"/kept/without-manifest/own.txt"_s), "own");
}

void TestPlainSparkle::keepsFilesOfTheUser()
{
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    shop.releasePlain(u"2.0"_s, {{u"data/shipped.txt"_s, "two"}});
    verifyUpdated(shop.freshen(u"update"_s), shop, u"2.0"_s);
    QDir(shop.app()).mkpath(u"plugins/mine"_s);
    writeAll(shop.app() + u"/plugins/mine/plugin.so"_s, "mine");
    writeAll(shop.app() + u"/data/own.txt"_s, "own");
    shop.releasePlain(u"3.0"_s, {{u"data/shipped.txt"_s, "three"}});
    verifyUpdated(shop.freshen(u"update"_s), shop, u"3.0"_s);
    QCOMPARE(readAll(shop.app() + u"/plugins/mine/plugin.so"_s), "mine");
    QCOMPARE(readAll(shop.app() + u"/data/own.txt"_s), "own");
    QCOMPARE(readAll(shop.app() + u"/data/shipped.txt"_s), "three");
    QCOMPARE(shop.freshen(u"rollback"_s).status, 0);
    QCOMPARE(readAll(shop.app() + u"/data/own.txt"_s), "own");
    QCOMPARE(readAll(shop.app() + u"/data/shipped.txt"_s), "two");
}

void TestPlainSparkle::verifyFindsDamage_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("answer");
    QTest::newRow("a file") << u"bin/sample"_s << u"\"content\""_s;
    QTest::newRow("the description") << u"freshen.json"_s << u"\"content\""_s;
    QTest::newRow("the manifest") << u"freshen.manifest"_s << u"SIGNATURE"_s;
}

void TestPlainSparkle::verifyFindsDamage()
{
    QFETCH(QString, file);
    QFETCH(QString, answer);
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    shop.releasePlain(u"2.0"_s);
    verifyUpdated(shop.freshen(u"update"_s), shop, u"2.0"_s);
    // A change that leaves the description readable.
    const QString path = shop.app() + u'/' + file;
    writeAll(path, readAll(path).replace("sample", "sampl3"));
    const Outcome verified = shop.freshen(u"verify"_s);
    QCOMPARE(verified.status, 4);
    QVERIFY2(verified.output.contains(answer.toUtf8()), verified.output);
}

void TestPlainSparkle::changedManifestIsNotAcceptedLater()
{
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    shop.releasePlain(u"2.0"_s);
    verifyUpdated(shop.freshen(u"update"_s), shop, u"2.0"_s);
    const QString manifest = shop.app() + u"/freshen.manifest"_s;
    writeAll(manifest, readAll(manifest).replace("channel stable", "channel changed"));
    shop.releasePlain(u"3.0"_s);
    verifyUpdated(shop.freshen(u"update"_s), shop, u"3.0"_s);
    QCOMPARE(shop.freshen(u"rollback"_s).errorCode(), u"NO_PREVIOUS"_s);
    QCOMPARE(shop.runningVersion(), u"3.0"_s);
}

void TestPlainSparkle::failedVersionGoesBack()
{
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    shop.releasePlain(u"2.0"_s);
    verifyUpdated(shop.freshen(u"update"_s), shop, u"2.0"_s);
    shop.releasePlain(u"3.0"_s, {}, u"crashes"_s);
    const Outcome updated = shop.freshen(u"update"_s, {u"--launch"_s});
    QCOMPARE(updated.errorCode(), u"ROLLED_BACK"_s);
    shop.endApp();
    QCOMPARE(shop.runningVersion(), u"2.0"_s);
    QCOMPARE(shop.freshen(u"verify"_s).status, 0);
    QCOMPARE(shop.freshen(u"check"_s).json[u"reason"_s].toString(), u"failed-before"_s);
}

void TestPlainSparkle::stagedTreeIsUsedAgain()
{
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    shop.releasePlain(u"2.0"_s);
    const auto running = shop.startApp();
    QTRY_VERIFY(!shop.starts().isEmpty());
    QCOMPARE(shop.freshen(u"update"_s).errorCode(), u"APP_RUNNING"_s);
    QCOMPARE(shop.freshen(u"status"_s).json[u"staged"_s].toString(), u"2.0"_s);
    shop.endApp();
    const Outcome updated = shop.freshen(u"update"_s);
    verifyUpdated(updated, shop, u"2.0"_s);
    QCOMPARE(updated.json[u"route"_s].toString(), u"staged"_s);
}

void TestPlainSparkle::otherPackageOfTheStagedVersion()
{
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    shop.releasePlain(u"2.0"_s, {{u"build"_s, "first"}});
    const auto running = shop.startApp();
    QTRY_VERIFY(!shop.starts().isEmpty());
    QCOMPARE(shop.freshen(u"update"_s).errorCode(), u"APP_RUNNING"_s);
    shop.endApp();
    QDir(shop.path(u"trees/2.0"_s)).removeRecursively();
    shop.releasePlain(u"2.0"_s, {{u"build"_s, "second"}});
    const Outcome updated = shop.freshen(u"update"_s);
    verifyUpdated(updated, shop, u"2.0"_s);
    QCOMPARE(readAll(shop.app() + u"/build"_s), "second");
}

// What has a manifest is installed by it, or not at all.
void TestPlainSparkle::releaseWithManifestKeepsItsRoute()
{
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    shop.release(u"2.0"_s);
    const QString manifest = shop.host() + u'/' + shop.packageName(u"2.0"_s, u".manifest"_s);
    QVERIFY(QFile::rename(manifest, manifest + u".away"_s));
    QCOMPARE(shop.freshen(u"update"_s).errorCode(), u"HTTP_STATUS"_s);
    QCOMPARE(shop.runningVersion(), u"1.0"_s);
    QVERIFY(QFile::rename(manifest + u".away"_s, manifest));
    verifyUpdated(shop.freshen(u"update"_s), shop, u"2.0"_s);
    QVERIFY(QFile::exists(shop.app() + u"/freshen.manifest.minisig"_s));
}

// Killed after the exchange: nobody waits for "ready", but the new version need not say it.
void TestPlainSparkle::interruptedUpdateRecovers()
{
    PlainShop shop;
    shop.installPlain(u"1.0"_s);
    shop.releasePlain(u"2.0"_s);
    verifyUpdated(shop.freshen(u"update"_s), shop, u"2.0"_s);
    const QString journal = shop.control() + u"/journal"_s;
    const auto identity = [&shop](const QString &path) {
        return QString::fromUtf8(shop.run(u"stat"_s, {u"-c"_s, u"%i"_s, path}).output).trimmed();
    };
    QVERIFY(QFile::rename(shop.control() + u"/previous"_s, shop.control() + u"/staged"_s));
    writeAll(journal,
             u"freshen-journal 2\nstate ready\nkind update\nmethod at-once\nphase old\n"
             "old %1\nnew %2\nfrom 1.0\nto 2.0\nkeeps 1\n"
             "ready none:0\nmay-go-back yes\nrefused no\nstarts 0\n"_s
                 .arg(identity(shop.control() + u"/staged"_s), identity(shop.app()))
                 .toUtf8());
    const Outcome recovered = shop.freshen(u"recover"_s);
    QCOMPARE(recovered.json[u"result"_s].toString(), u"finished"_s);
    QCOMPARE(shop.runningVersion(), u"2.0"_s);
}

QTEST_GUILESS_MAIN(TestPlainSparkle)
#include "tst_plainsparkle.moc"
