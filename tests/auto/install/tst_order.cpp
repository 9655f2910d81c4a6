// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/order.h"

#include "tests/support/enginefixture.h"
#include "tests/support/resultcheck.h"

#include <QTest>

#include <sys/stat.h>

using namespace Freshen;
using Install::ChangeKind;
using Install::Order;
using Install::ReadyCheck;

class TestOrder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acc090_roundTrip();
    void isPrivate();
    void readyCheckAsText_data();
    void readyCheckAsText();
    void refusesWhatIsIncomplete_data();
    void refusesWhatIsIncomplete();
    void refusesAWrongKey();

private:
    std::filesystem::path file() const { return m_fixture.path("order"); }

    EngineFixture m_fixture;
};

void TestOrder::acc090_roundTrip()
{
    Order order = m_fixture.order(ChangeKind::Rollback);
    order.keys.push_back(SecretKey::generate()->publicKey());
    order.ready = {ReadyCheck::Kind::Alive, 3};
    order.mayGoBack = false;
    order.cause = "Version 2.0 kept crashing.";
    order.waitSeconds = 17;
    order.keepsOutput = true;
    order.arguments = {"--file",      "my \"quoted\" 'file'.txt", "", "two\nlines", "100%",
                       "na\xc3\xafve"};
    order.workingDirectory = "/some where";
    order.environment = {"A=1", "EMPTY=", "LINES=one\ntwo", "NOT_UTF8=\xff\xfe"};
    VERIFY_RESULT(order.write(file()));
    const auto read = Order::read(file());
    VERIFY_RESULT(read);
    QCOMPARE(read->app, order.app);
    QVERIFY(read->kind == order.kind);
    QCOMPARE(read->product, order.product);
    QCOMPARE(read->fromVersion, order.fromVersion);
    QCOMPARE(read->toVersion, order.toVersion);
    QVERIFY(read->keys == order.keys);
    QCOMPARE(read->ready.toText(), order.ready.toText());
    QCOMPARE(read->mayGoBack, false);
    QCOMPARE(read->cause, order.cause);
    QCOMPARE(read->waitSeconds, 17);
    QCOMPARE(read->launches, true);
    QCOMPARE(read->keepsOutput, true);
    QCOMPARE(read->arguments, order.arguments);
    QCOMPARE(read->workingDirectory, order.workingDirectory);
    QCOMPARE(read->environment, order.environment);
    QCOMPARE(read->tree(), m_fixture.layout().previous());
}

void TestOrder::isPrivate()
{
    VERIFY_RESULT(m_fixture.order().write(file()));
    struct stat status = {};
    QCOMPARE(::stat(file().c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777u, 0600u);
}

void TestOrder::readyCheckAsText_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"signal:60", "signal:1", "alive:30", "none:0"})
        QTest::newRow(text) << QByteArray(text);
}

void TestOrder::readyCheckAsText()
{
    QFETCH(QByteArray, text);
    QCOMPARE(ReadyCheck::fromText(text.toStdString()).toText(), text.toStdString());
}

void TestOrder::refusesWhatIsIncomplete_data()
{
    QTest::addColumn<QByteArray>("without");
    QTest::newRow("app") << QByteArray("app ");
    QTest::newRow("keys") << QByteArray("key ");
}

void TestOrder::refusesWhatIsIncomplete()
{
    QFETCH(QByteArray, without);
    VERIFY_RESULT(m_fixture.order().write(file()));
    QByteArrayList lines = readText(file()).split('\n');
    lines.removeIf([&](const QByteArray &line) { return line.startsWith(without); });
    writeText(file(), lines.join('\n').toStdString());
    VERIFY_ERROR(Order::read(file()), ErrorCode::HELPER);
}

// Beside a good one.
void TestOrder::refusesAWrongKey()
{
    VERIFY_RESULT(m_fixture.order().write(file()));
    writeText(file(), readText(file()).toStdString() + "key none\n");
    VERIFY_ERROR(Order::read(file()), ErrorCode::KEY);
}

QTEST_GUILESS_MAIN(TestOrder)
#include "tst_order.moc"
