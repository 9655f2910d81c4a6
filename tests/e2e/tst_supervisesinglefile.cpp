// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A supervised app that is a single file is replaced while it runs.

#include "tests/support/singlefileshop.h"
#include "tests/support/supervision.h"

#include <QFile>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestSuperviseSingleFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void updates_data();
    void updates();
    void badBuild_data();
    void badBuild();
    void rollBackByControl();

private:
    static void release(Supervision &supervision, const QString &version,
                        const QString &fault = {});
    // 1.0 installed, and supervised with a feed.
    static bool start(Supervision &supervision, const QStringList &options);
};

void TestSuperviseSingleFile::release(Supervision &supervision, const QString &version,
                                      const QString &fault)
{
    SingleFileShop::releaseFile(supervision.shop, version, Supervision::build(version, fault));
}

bool TestSuperviseSingleFile::start(Supervision &supervision, const QStringList &options)
{
    release(supervision, u"1.0"_s);
    SingleFileShop::installFile(supervision.shop, u"1.0"_s);
    return supervision.start(supervision.forTree(
        QStringList{u"--source"_s, u"appcast:"_s + supervision.shop.url(u"appcast.xml"_s)}
        + options));
}

void TestSuperviseSingleFile::updates_data()
{
    QTest::addColumn<QString>("how");
    QTest::newRow("restart") << u"restart"_s;
    QTest::newRow("handover") << u"handover"_s;
}

void TestSuperviseSingleFile::updates()
{
    QFETCH(const QString, how);
    Supervision supervision;
    QVERIFY2(start(supervision, {u"--on-update"_s, how, u"--self-test"_s}),
             qPrintable(supervision.log()));
    const AgentAnswer before = supervision.ask();
    QCOMPARE(before.version, u"1.0"_s);
    release(supervision, u"2.0"_s);
    QCOMPARE(supervision.ctl(u"update"_s).status, 0);
    QVERIFY2(supervision.answers(u"2.0"_s), qPrintable(supervision.log()));
    QVERIFY(supervision.ask().process != before.process);
    QTRY_COMPARE(supervision.status()[u"version"_s].toString(), u"2.0"_s);
    QCOMPARE(supervision.status()[u"previous"_s].toString(), u"1.0"_s);
    QCOMPARE(readAll(supervision.shop.app()), Supervision::build(u"2.0"_s));
    QCOMPARE(supervision.shop.freshen(u"verify"_s).status, 0);
    for (const QString &gone : {u"journal"_s, u"staged"_s, u"pieces"_s})
        QVERIFY(!QFile::exists(supervision.shop.control() + u'/' + gone));
}

void TestSuperviseSingleFile::badBuild_data()
{
    QTest::addColumn<QString>("fault");
    for (const char *fault : {"crash", "exit"})
        QTest::newRow(fault) << QString::fromLatin1(fault);
}

void TestSuperviseSingleFile::badBuild()
{
    QFETCH(const QString, fault);
    Supervision supervision;
    QVERIFY2(start(supervision, {}), qPrintable(supervision.log()));
    release(supervision, u"2.0"_s, fault);
    QVERIFY(supervision.ctl(u"update"_s).status != 0);
    QVERIFY2(supervision.answers(u"1.0"_s), qPrintable(supervision.log()));
    QTRY_COMPARE(supervision.status()[u"version"_s].toString(), u"1.0"_s);
    QCOMPARE(readAll(supervision.shop.app()), Supervision::build(u"1.0"_s));
    QCOMPARE(supervision.shop.freshen(u"verify"_s).status, 0);
}

void TestSuperviseSingleFile::rollBackByControl()
{
    Supervision supervision;
    QVERIFY2(start(supervision, {}), qPrintable(supervision.log()));
    release(supervision, u"2.0"_s);
    QCOMPARE(supervision.ctl(u"update"_s).status, 0);
    QVERIFY(supervision.answers(u"2.0"_s));
    QTRY_COMPARE(supervision.status()[u"previous"_s].toString(), u"1.0"_s);
    QCOMPARE(supervision.ctl(u"rollback"_s).status, 0);
    QVERIFY2(supervision.answers(u"1.0"_s), qPrintable(supervision.log()));
    QCOMPARE(readAll(supervision.shop.app()), Supervision::build(u"1.0"_s));
    QCOMPARE(supervision.shop.freshen(u"verify"_s).status, 0);
}

QTEST_GUILESS_MAIN(TestSuperviseSingleFile)
#include "tst_supervisesinglefile.moc"
