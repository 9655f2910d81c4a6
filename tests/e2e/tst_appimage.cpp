// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// An AppImage that updates itself from the inside. Its runtime is a script that does what the real
// one does, as far as updates see it: it names file and mount in the environment, and runs the
// program from the mount in its own place.

#include "tests/support/singlefileshop.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestAppImage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void downloadedByHand();
    void goesBackToNothingUnknown();
    void updatedBefore();
    void withoutDescription();
    void isWaitedFor();

private:
    // The app's file as it is published; what it says of itself lies in its mount.
    static QByteArray image(const SingleFileShop &shop, const QString &version);
    static void release(SingleFileShop &shop, const QString &version);
    // Puts 1.0 alone where a person would, as from a browser, and publishes another one.
    static void download(SingleFileShop &shop);
};

QByteArray TestAppImage::image(const SingleFileShop &shop, const QString &version)
{
    return u"#!/bin/sh\nexport APPIMAGE=\"$(readlink -f \"$0\")\" APPDIR=\"%1\"\n"
           "exec \"$APPDIR/usr/bin/notes\" \"$@\"\n"_s.arg(shop.path(u"mount-"_s + version))
        .toUtf8();
}

void TestAppImage::release(SingleFileShop &shop, const QString &version)
{
    const QString mount = shop.path(u"mount-"_s + version);
    const QStringList programs = {u"/usr/bin/notes"_s, QStringLiteral(FRESHEN_IMAGE_APP),
                                  u"/usr/libexec/freshen-helper"_s,
                                  QStringLiteral(FRESHEN_HELPER)};
    for (qsizetype i = 0; i < programs.size(); i += 2) {
        const QString place = mount + programs[i];
        QVERIFY(QDir().mkpath(QFileInfo(place).path()));
        QVERIFY(QFile::copy(programs[i + 1], place));
    }
    writeAll(mount + u"/version"_s, version.toUtf8());
    shop.packOptions = {u"--allow-http"_s};
    SingleFileShop::releaseFile(shop, version, image(shop, version));
    const Outcome unpacked = shop.run(
        u"tar"_s, {u"-xzf"_s, shop.host() + u'/' + shop.packageName(version), u"-C"_s, mount,
                   u"--no-same-owner"_s, u"freshen.json"_s});
    QCOMPARE(unpacked.status, 0);
}

void TestAppImage::download(SingleFileShop &shop)
{
    release(shop, u"1.0"_s);
    writeAll(shop.app(), image(shop, u"1.0"_s));
    QVERIFY(QFile::setPermissions(shop.app(), QFile::Permissions(0x7755)));
    release(shop, u"2.0"_s);
}

void TestAppImage::downloadedByHand()
{
    SingleFileShop shop;
    download(shop);
    QCOMPARE(shop.versionOf(shop.app()), u"1.0"_s);
    QVERIFY(!QFile::exists(shop.control()));
    const Outcome looked = shop.run(shop.app(), {});
    QVERIFY2(looked.status == 0, looked.output + looked.errors);
    QTRY_COMPARE_WITH_TIMEOUT(shop.freshen(u"status"_s).json[u"last"_s][u"to"_s].toString(),
                              u"2.0"_s, 60'000);
    QCOMPARE(shop.versionOf(shop.app()), u"2.0"_s);
    QCOMPARE(readAll(shop.app()), image(shop, u"2.0"_s));
    QCOMPARE(shop.freshen(u"verify"_s).status, 0);
    // From now on it is as every other.
    const Outcome again = shop.run(shop.app(), {});
    QCOMPARE(again.status, 3);
    QCOMPARE(again.output.trimmed(), "up-to-date");
    release(shop, u"3.0"_s);
    QCOMPARE(shop.run(shop.app(), {}).status, 0);
    QTRY_COMPARE_WITH_TIMEOUT(shop.freshen(u"status"_s).json[u"last"_s][u"to"_s].toString(),
                              u"3.0"_s, 60'000);
    QCOMPARE(shop.versionOf(shop.app()), u"3.0"_s);
    QCOMPARE(shop.freshen(u"rollback"_s).status, 0);
    QCOMPARE(shop.versionOf(shop.app()), u"2.0"_s);
}

// What was downloaded by hand stands in no manifest.
void TestAppImage::goesBackToNothingUnknown()
{
    SingleFileShop shop;
    download(shop);
    QCOMPARE(shop.run(shop.app(), {}).status, 0);
    QTRY_COMPARE_WITH_TIMEOUT(shop.freshen(u"status"_s).json[u"last"_s][u"to"_s].toString(),
                              u"2.0"_s, 60'000);
    QCOMPARE(shop.freshen(u"rollback"_s).errorCode(), u"NO_PREVIOUS"_s);
    QCOMPARE(shop.versionOf(shop.app()), u"2.0"_s);
}

void TestAppImage::updatedBefore()
{
    SingleFileShop shop;
    download(shop);
    shop.installFile(u"1.0"_s);
    QVERIFY(QFile::remove(shop.path(u"mount-1.0/freshen.json"_s)));
    QCOMPARE(shop.run(shop.app(), {}).status, 0);
    QTRY_COMPARE_WITH_TIMEOUT(shop.freshen(u"status"_s).json[u"installed"_s].toString(), u"2.0"_s,
                              60'000);
    QCOMPARE(shop.versionOf(shop.app()), u"2.0"_s);
}

void TestAppImage::withoutDescription()
{
    SingleFileShop shop;
    download(shop);
    QVERIFY(QFile::remove(shop.path(u"mount-1.0/freshen.json"_s)));
    QCOMPARE(shop.run(shop.app(), {}).status, 1);
    QVERIFY(!QFile::exists(shop.control()));
}

// By another program, as the mount's processes are the app's.
void TestAppImage::isWaitedFor()
{
    SingleFileShop shop;
    download(shop);
    shop.installFile(u"1.0"_s);
    const auto app = shop.start(shop.app(), {u"--stay"_s});
    const QString program = u"/proc/%1/exe"_s.arg(app->processId());
    QTRY_VERIFY_WITH_TIMEOUT(QFile::symLinkTarget(program).contains(u"mount-1.0"_s), 60'000);
    const Outcome updated = shop.freshen(u"update"_s);
    QCOMPARE(updated.errorCode(), u"APP_RUNNING"_s);
    QVERIFY2(updated.errorMessage().contains(u"notes"_s), updated.output);
    app->terminate();
    QVERIFY(app->waitForFinished());
    QCOMPARE(shop.freshen(u"update"_s).status, 0);
    QCOMPARE(shop.versionOf(shop.app()), u"2.0"_s);
}

QTEST_GUILESS_MAIN(TestAppImage)
#include "tst_appimage.moc"
