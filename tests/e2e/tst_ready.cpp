// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// An update is not done until the new version says that it is ready.

#include "tests/support/workshop.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestReady : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acc085_bringsTheOldVersionBack_data();
    void acc085_bringsTheOldVersionBack();
    void acc089_keepsTheNewVersionWhereThereIsNoWayBack();
    void aliveIsEnough();
    void aliveIsTooShort();
};

void TestReady::acc085_bringsTheOldVersionBack_data()
{
    QTest::addColumn<QString>("behaviour");
    for (const char *behaviour : {"crashes", "leaves", "hangs"})
        QTest::newRow(behaviour) << QString::fromLatin1(behaviour);
}

void TestReady::acc085_bringsTheOldVersionBack()
{
    QFETCH(QString, behaviour);
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s, behaviour);
    writeAll(shop.app() + u"/mine.txt"_s, "mine");

    const Outcome updated = shop.freshen(u"update"_s,
                                         {u"--launch"_s, u"--ready-timeout"_s, u"5"_s});
    QVERIFY2(updated.status == 6, updated.output + updated.errors);
    QCOMPARE(updated.errorCode(), u"ROLLED_BACK"_s);
    QCOMPARE(shop.runningVersion(), u"1.0"_s);
    QCOMPARE(shop.freshen(u"verify"_s).status, 0);
    QCOMPARE(readAll(shop.app() + u"/mine.txt"_s), "mine");
    QCOMPARE(shop.leftovers(), QStringList());
    // The old version runs again.
    QTRY_COMPARE(shop.starts(), (QStringList{u"2.0"_s, u"1.0"_s}));
    shop.endApp();

    // The bad release is not installed again by itself.
    const Outcome again = shop.freshen(u"update"_s);
    QCOMPARE(again.status, 3);
    QCOMPARE(again.json[u"reason"_s].toString(), u"failed-before"_s);
    const Outcome last = shop.freshen(u"status"_s);
    QCOMPARE(last.json[u"last"_s][u"result"_s].toString(), u"restored"_s);
    QCOMPARE(last.json[u"last"_s][u"error"_s][u"code"_s].toString(), u"ROLLED_BACK"_s);
    // Unless asked for.
    QCOMPARE(shop.freshen(u"update"_s, {u"--retry"_s}).status, 0);
    QCOMPARE(shop.runningVersion(), u"2.0"_s);
}

void TestReady::acc089_keepsTheNewVersionWhereThereIsNoWayBack()
{
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    // It is the new version that changes the data.
    shop.packOptions = {u"--no-rollback"_s};
    shop.release(u"2.0"_s, u"leaves"_s);
    const Outcome updated = shop.freshen(u"update"_s,
                                         {u"--launch"_s, u"--ready-timeout"_s, u"5"_s});
    QCOMPARE(updated.status, 1);
    QCOMPARE(updated.errorCode(), u"NOT_READY"_s);
    QCOMPARE(shop.runningVersion(), u"2.0"_s);
    QCOMPARE(shop.leftovers(), QStringList());
}

void TestReady::aliveIsEnough()
{
    Workshop shop;
    shop.packOptions = {u"--ready"_s, u"alive:1"_s};
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s, u"hangs"_s);
    QCOMPARE(shop.freshen(u"update"_s, {u"--launch"_s}).status, 0);
    QCOMPARE(shop.runningVersion(), u"2.0"_s);
    shop.endApp();
}

void TestReady::aliveIsTooShort()
{
    Workshop shop;
    shop.packOptions = {u"--ready"_s, u"alive:20"_s};
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s, u"leaves"_s);
    QCOMPARE(shop.freshen(u"update"_s, {u"--launch"_s}).status, 6);
    QCOMPARE(shop.runningVersion(), u"1.0"_s);
    shop.endApp();
}

QTEST_GUILESS_MAIN(TestReady)
#include "tst_ready.moc"
