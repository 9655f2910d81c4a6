// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A release at three addresses, of which the first is slow and the second wrong.

#include "tests/support/waituntil.h"
#include "tests/support/workshop.h"

#include <Freshen/FaultServer>

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestSlowMirror : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acc050_slowWrongGood();
};

// Only the package comes from there: manifest and signature are where they always were.
void TestSlowMirror::acc050_slowWrongGood()
{
    FaultServer server;
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    shop.release(u"2.0"_s);
    QUrl slow, wrong;
    shop.editFeed([&](Appcast &feed) {
        AppcastItem &newest = feed.items.first();
        const QString name = u'/' + newest.enclosure->url.fileName();
        const QByteArray package = readAll(shop.host() + name);
        FaultAnswer answer;
        answer.content = package;
        server.serve(u"/good"_s + name, answer);
        answer.damagedAt = package.size() / 2;
        server.serve(u"/wrong"_s + name, answer);
        answer = {};
        answer.content = package;
        answer.bytesPerSecond = 10;
        server.serve(u"/slow"_s + name, answer);
        newest.enclosure->url = slow = server.url(u"/slow"_s + name);
        wrong = server.url(u"/wrong"_s + name);
        newest.mirrors = {wrong, server.url(u"/good"_s + name)};
    });
    const auto update = shop.start(u"freshen"_s, {u"update"_s, u"--app"_s, shop.app(), u"--json"_s});
    QVERIFY(waitUntil([&] { return update->state() == QProcess::NotRunning; }));
    const QByteArray output = update->readAllStandardOutput();
    QVERIFY2(update->exitCode() == 0, output);
    QCOMPARE(shop.runningVersion(), u"2.0"_s);
    const QJsonArray failures =
        QJsonDocument::fromJson(output)[u"sourceFailures"_s].toArray();
    QCOMPARE(failures.size(), 2);
    QCOMPARE(failures[0][u"url"_s].toString(), slow.toString());
    QCOMPARE(failures[0][u"error"_s][u"code"_s].toString(), u"SLOW"_s);
    QCOMPARE(failures[1][u"url"_s].toString(), wrong.toString());
    QCOMPARE(failures[1][u"error"_s][u"code"_s].toString(), u"HASH"_s);
}

QTEST_GUILESS_MAIN(TestSlowMirror)
#include "tst_slowmirror.moc"
