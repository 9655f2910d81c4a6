// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Sources that fail, come back, change slowly, ask for secrets, or whose builds nobody wants.

#include "tests/support/buildshelf.h"

#include <QJsonDocument>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestSuperviseFailures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void overseer_contributingWish();
    void sourceFailsAndComesBack_data();
    void sourceFailsAndComesBack();
    void unreachableAtFirst();
    void wrongSourceIsAWrongCommand();
    void vetoHoldsOneBuildBack();
    void askedAgainFromWithinFailed();
    void secretsStaySecret_data();
    void secretsStaySecret();
};

// A client that asks for the version, a server that offers upgrades, a supervised program.
void TestSuperviseFailures::overseer_contributingWish()
{
    BuildShelf shelf(u"http"_s, u"elf"_s);
    const auto answered = [&](int status) {
        const QList<FaultRequest> requests = shelf.server.requests();
        return std::count_if(requests.begin(), requests.end(), [&](const FaultRequest &request) {
            return request.path == shelf.path() && request.status == status;
        });
    };
    shelf.put(u"1.0"_s);
    QVERIFY(shelf.start({u"--interval"_s, u"1"_s}));
    QCOMPARE(shelf.supervision.ask().version, u"1.0"_s);
    for (int version = 1; version <= 3; ++version) {
        const QString name = u"%1.0"_s.arg(version);
        if (version > 1)
            shelf.put(name);
        QVERIFY2(shelf.supervision.answers(name), qPrintable(shelf.supervision.log()));
        QTRY_COMPARE(shelf.supervision.status()[u"version"_s].toString(), name);
        QCOMPARE(readAll(shelf.program()), shelf.content(name));
        const auto before = answered(304);
        QTRY_VERIFY_WITH_TIMEOUT(answered(304) >= before + 2, 60'000);
        // The question's answer, of which only the head is read, and the one body.
        QCOMPARE(answered(200), 2 * version);
        QCOMPARE(shelf.server.requests(shelf.path() + u".minisig"_s), version);
    }
    QCOMPARE(shelf.supervision.ask().generation, 3);
}

void TestSuperviseFailures::sourceFailsAndComesBack_data()
{
    QTest::addColumn<FaultAnswer>("answer");
    QTest::addColumn<QString>("code");
    QTest::newRow("not found") << FaultAnswer{404} << u"HTTP_STATUS"_s;
    QTest::newRow("broken server") << FaultAnswer{500} << u"HTTP_STATUS"_s;
    FaultAnswer cut;
    cut.content = QByteArray(100'000, 'x');
    cut.cutAfter = 1000;
    QTest::newRow("cut") << cut << u"NETWORK"_s;
    FaultAnswer silent;
    silent.raw = " ";
    silent.cutAfter = 0;
    QTest::newRow("nothing but the end") << silent << u"NETWORK"_s;
    QTest::newRow("login page") << FaultAnswer::loginPage() << u"NETWORK"_s;
}

void TestSuperviseFailures::sourceFailsAndComesBack()
{
    QFETCH(const FaultAnswer, answer);
    QFETCH(const QString, code);
    BuildShelf shelf(u"http"_s, u"elf"_s);
    Supervision &supervision = shelf.supervision;
    shelf.put(u"2.0"_s);
    shelf.server.serve(shelf.path(), answer);
    QVERIFY(shelf.start({u"--interval"_s, u"1"_s}));
    const AgentAnswer before = supervision.ask();
    QCOMPARE(before.version, u"1.0"_s);
    QTRY_VERIFY_WITH_TIMEOUT(supervision.status().contains(u"lastError"_s), 60'000);
    QCOMPARE(supervision.status()[u"lastError"_s][u"code"_s].toString(), code);
    QCOMPARE(supervision.ask().process, before.process);
    FaultAnswer slow;
    slow.content = shelf.content(u"2.0"_s);
    slow.bytesPerSecond = slow.content.size() / 2;
    shelf.server.serve(shelf.path(), slow);
    QVERIFY2(supervision.answers(u"2.0"_s), qPrintable(supervision.log()));
    QTRY_VERIFY(!supervision.status().contains(u"lastError"_s));
}

void TestSuperviseFailures::unreachableAtFirst()
{
    const ReservedPort port;
    Supervision supervision;
    supervision.install(u"1.0"_s);
    QVERIFY(supervision.start(
        supervision.forFile({u"--interval"_s, u"1"_s, u"--source"_s,
                             u"http://127.0.0.1:%1/agent"_s.arg(port.number())})));
    QCOMPARE(supervision.ask().version, u"1.0"_s);
    QTRY_COMPARE_WITH_TIMEOUT(supervision.status()[u"lastError"_s][u"code"_s].toString(),
                              u"NETWORK"_s, 60'000);
    const QString build = supervision.shop.path(u"new/agent"_s);
    supervision.publish(build, Supervision::build(u"2.0"_s), u"2.0"_s);
    FaultServer server(QHostAddress(QHostAddress::LocalHost), port.number());
    QVERIFY2(server.isListening(), qPrintable(server.errorString()));
    server.serve(u"/agent"_s, readAll(build));
    server.serve(u"/agent.minisig"_s, readAll(build + u".minisig"_s));
    QVERIFY2(supervision.answers(u"2.0"_s), qPrintable(supervision.log()));
}

void TestSuperviseFailures::wrongSourceIsAWrongCommand()
{
    Supervision supervision;
    supervision.install(u"1.0"_s);
    for (const QString &source : {u"http:nonsense"_s, u"appcast:nonsense"_s, u"gopher:x"_s}) {
        supervision.launch(supervision.forFile({u"--source"_s, source}));
        QCOMPARE(supervision.exitCode(), 2);
        QVERIFY(!supervision.log().contains(u"Started generation"_s));
    }
}

void TestSuperviseFailures::vetoHoldsOneBuildBack()
{
    BuildShelf shelf(u"function"_s, u"elf"_s);
    QStringList asked; // files and versions
    shelf.veto = [&](const QString &file, const QString &version) {
        const bool isIts = readAll(file) == shelf.content(version);
        asked += {isIts ? u"its bytes"_s : u"others"_s, version};
        return version == u"2.0"_s ? u"it is carnival"_s : QString();
    };
    QVERIFY(shelf.start());
    const AgentAnswer before = shelf.supervision.ask();
    shelf.put(u"2.0"_s);
    const Outcome vetoed = shelf.supervision.ctl(u"update"_s);
    QCOMPARE(vetoed.errorCode(), u"VETOED"_s);
    QCOMPARE(vetoed.status, 5);
    QVERIFY(vetoed.errorMessage().contains(u"it is carnival"_s));
    QCOMPARE(shelf.supervision.ask().process, before.process);
    QCOMPARE(shelf.leftovers().join(u' '), QString());
    shelf.put(u"3.0"_s);
    QCOMPARE(shelf.supervision.ctl(u"update"_s).status, 0);
    QCOMPARE(shelf.supervision.ask().version, u"3.0"_s);
    QCOMPARE(asked, (QStringList{u"its bytes"_s, u"2.0"_s, u"its bytes"_s, u"3.0"_s}));
}

// Whoever asked first is answered, too.
void TestSuperviseFailures::askedAgainFromWithinFailed()
{
    BuildShelf shelf(u"function"_s, u"elf"_s);
    QVERIFY(shelf.start());
    int failures = 0;
    connect(shelf.supervisor(), &Supervisor::failed, this, [&] {
        if (++failures == 1)
            shelf.supervisor()->checkNow();
    });
    shelf.put(u"2.0"_s, BuildShelf::Fault::Tampered);
    QCOMPARE(shelf.supervision.ctl(u"update"_s).errorCode(), u"SIGNATURE"_s);
    QTRY_COMPARE_WITH_TIMEOUT(failures, 2, 60'000);
}

void TestSuperviseFailures::secretsStaySecret_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QByteArray>("proof");
    QTest::newRow("github") << u"github"_s << "Bearer topsecret"_ba;
    QTest::newRow("s3") << u"s3"_s << "AWS4-HMAC-SHA256 Credential=KEYID/"_ba;
}

void TestSuperviseFailures::secretsStaySecret()
{
    QFETCH(const QString, source);
    QFETCH(const QByteArray, proof);
    BuildShelf shelf(source, u"elf"_s);
    Supervision &supervision = shelf.supervision;
    supervision.shop.environment.insert({{u"FRESHEN_TOKEN"_s, u"topsecret"_s},
                                         {u"AWS_ACCESS_KEY_ID"_s, u"KEYID"_s},
                                         {u"AWS_SECRET_ACCESS_KEY"_s, u"topsecret"_s}});
    shelf.server.serveAlways(FaultAnswer{403});
    QVERIFY(shelf.start());
    QByteArray said = QJsonDocument(supervision.status()).toJson();
    said += supervision.ctl(u"update"_s).output;
    QVERIFY(said.contains("HTTP_STATUS"));
    shelf.put(u"2.0"_s);
    const Outcome updated = supervision.ctl(u"update"_s);
    QVERIFY2(updated.status == 0, updated.output);
    QCOMPARE(supervision.ask().version, u"2.0"_s);
    said += QJsonDocument(supervision.status()).toJson() + supervision.log().toUtf8();
    QVERIFY(!said.contains("topsecret"));
    QVERIFY(!said.contains("KEYID"));
    for (const FaultRequest &request : shelf.server.requests())
        QVERIFY(request.header("Authorization").startsWith(proof));
    QCOMPARE(shelf.storage.requests().isEmpty(), source == u"s3"_s);
    for (const FaultRequest &request : shelf.storage.requests())
        QVERIFY(!request.head.contains("topsecret"));
}

QTEST_GUILESS_MAIN(TestSuperviseFailures)
#include "tst_supervisefailures.moc"
