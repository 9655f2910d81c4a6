// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A supervised program of each kind is updated from each source, and only by what is signed.

#include "tests/support/buildshelf.h"

#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestSuperviseSources : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyWhatIsSigned_data();
    void onlyWhatIsSigned();
    void unsignedWhereAllowed_data();
    void unsignedWhereAllowed();

private:
    void compareInstalled(BuildShelf &shelf, const QString &version);
    void compareRefused(BuildShelf &shelf, const QString &code, int process);
};

void TestSuperviseSources::compareInstalled(BuildShelf &shelf, const QString &version)
{
    QCOMPARE(shelf.supervision.ask().version, version);
    QCOMPARE(readAll(shelf.program()), shelf.content(version));
    QCOMPARE(shelf.leftovers().join(u' '), QString());
}

void TestSuperviseSources::compareRefused(BuildShelf &shelf, const QString &code, int process)
{
    const Outcome refused = shelf.supervision.ctl(u"update"_s);
    QCOMPARE(refused.errorCode(), code);
    QCOMPARE(refused.status, 4);
    QCOMPARE(shelf.supervision.ask().process, process);
    compareInstalled(shelf, u"1.0"_s);
}

void TestSuperviseSources::onlyWhatIsSigned_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("kind");
    for (const QString &source : {u"appcast"_s, u"http"_s, u"file"_s, u"folder"_s, u"github"_s,
                                  u"s3"_s, u"function"_s}) {
        for (const QString &kind : {u"elf"_s, u"appimage"_s, u"directory"_s})
            QTest::addRow("%s, %s", qPrintable(source), qPrintable(kind)) << source << kind;
    }
}

void TestSuperviseSources::onlyWhatIsSigned()
{
    QFETCH(const QString, source);
    QFETCH(const QString, kind);
    BuildShelf shelf(source, kind);
    Supervision &supervision = shelf.supervision;
    supervision.shop.environment[u"AWS_ACCESS_KEY_ID"_s] = u"KEYID"_s;
    supervision.shop.environment[u"AWS_SECRET_ACCESS_KEY"_s] = u"topsecret"_s;
    QVERIFY2(shelf.start(), qPrintable(supervision.log()));
    const AgentAnswer before = supervision.ask();
    QCOMPARE(before.version, u"1.0"_s);
    const bool isFeed = source == u"appcast"_s;
    shelf.put(u"2.0"_s, BuildShelf::Fault::Tampered);
    compareRefused(shelf, isFeed ? u"HASH"_s : shelf.isDirectory() ? u"MANIFEST"_s
                                                                   : u"SIGNATURE"_s,
                   before.process);
    shelf.put(u"2.1"_s, BuildShelf::Fault::Unsigned);
    compareRefused(shelf, isFeed ? u"FEED_UNSIGNED"_s : u"SIGNATURE"_s, before.process);
    shelf.put(u"3.0"_s);
    const Outcome updated = supervision.ctl(u"update"_s);
    QVERIFY2(updated.status == 0, updated.output);
    QCOMPARE(updated.json[u"to"_s].toString(), u"3.0"_s);
    compareInstalled(shelf, u"3.0"_s);
    const QJsonObject status = supervision.status();
    QCOMPARE(status[u"version"_s].toString(), u"3.0"_s);
    QCOMPARE(status[u"previous"_s].toString(), u"1.0"_s);
    QVERIFY(!status.contains(u"lastError"_s));
    // It is known from now on.
    QCOMPARE(supervision.ctl(u"update"_s).status, 3);
    compareInstalled(shelf, u"3.0"_s);
    const QByteArray proof = "AWS4-HMAC-SHA256 Credential=KEYID/";
    for (const FaultRequest &request : shelf.server.requests())
        QCOMPARE(request.header("Authorization").startsWith(proof), source == u"s3"_s);
}

void TestSuperviseSources::unsignedWhereAllowed_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("kind");
    for (const QString &source : {u"file"_s, u"http"_s, u"github"_s}) {
        for (const QString &kind : {u"elf"_s, u"directory"_s})
            QTest::addRow("%s, %s", qPrintable(source), qPrintable(kind)) << source << kind;
    }
}

void TestSuperviseSources::unsignedWhereAllowed()
{
    QFETCH(const QString, source);
    QFETCH(const QString, kind);
    BuildShelf shelf(source, kind);
    Supervision &supervision = shelf.supervision;
    QVERIFY(shelf.start({u"--allow-unsigned"_s}));
    shelf.put(u"2.0"_s, BuildShelf::Fault::Tampered);
    QCOMPARE(supervision.ctl(u"update"_s).status, 4);
    compareInstalled(shelf, u"1.0"_s);
    shelf.put(u"3.0"_s, BuildShelf::Fault::Unsigned);
    const Outcome updated = supervision.ctl(u"update"_s);
    QVERIFY2(updated.status == 0, updated.output);
    compareInstalled(shelf, u"3.0"_s);
    QCOMPARE(supervision.ctl(u"update"_s).status, 3);
}

QTEST_GUILESS_MAIN(TestSuperviseSources)
#include "tst_supervisesources.moc"
