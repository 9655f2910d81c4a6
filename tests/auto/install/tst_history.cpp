// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/install/history.h"

#include "tests/support/enginefixture.h"
#include "tests/support/resultcheck.h"

#include <QDateTime>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using Install::LastResult;
using Install::Refusal;
using Versions = std::set<std::string>;

class TestHistory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<EngineFixture>(); }
    void nothingAtFirst();
    void resultRoundTrip();
    void resultWithError();
    void unreadableResultIsNone();
    void refusals();
    void forgetsWhatWasInstalledAfterAll();
    void unreadableRefusalsAreNone();
    void timeIsUtc();

private:
    const Install::Layout &layout() const { return m_fixture->layout(); }

    std::unique_ptr<EngineFixture> m_fixture;
};

void TestHistory::nothingAtFirst()
{
    QVERIFY(!LastResult::read(layout()));
    QCOMPARE(refusedVersions(layout(), Refusal::Failed), Versions());
    QCOMPARE(refusedVersions(layout(), Refusal::Left), Versions());
    VERIFY_RESULT(forgetRefusals(layout(), "2.0"));
    QVERIFY(!std::filesystem::exists(layout().refused()));
}

void TestHistory::resultRoundTrip()
{
    LastResult result;
    result.result = "updated";
    result.from = "1.0";
    result.to = "2.0";
    result.at = "2026-11-22T10:00:00Z";
    result.downtimeMs = "31";
    result.isReported = true;
    VERIFY_RESULT(result.write(layout()));
    const auto read = LastResult::read(layout());
    QVERIFY(read);
    QCOMPARE(read->result, "updated");
    QCOMPARE(read->from, "1.0");
    QCOMPARE(read->to, "2.0");
    QCOMPARE(read->at, "2026-11-22T10:00:00Z");
    QCOMPARE(read->errorCode, "");
    QCOMPARE(read->errorMessage, "");
    QCOMPARE(read->downtimeMs, "31");
    QVERIFY(read->isReported);
}

void TestHistory::resultWithError()
{
    LastResult result;
    result.setError({ErrorCode::ROLLED_BACK, "Two lines,\n100% wrong."});
    VERIFY_RESULT(result.write(layout()));
    const auto read = LastResult::read(layout());
    QVERIFY(read);
    QCOMPARE(read->errorCode, "ROLLED_BACK");
    QCOMPARE(read->errorMessage, "Two lines,\n100% wrong.");
    QVERIFY(!read->isReported);
}

void TestHistory::unreadableResultIsNone()
{
    writeText(layout().lastResult(), "rubbish");
    QVERIFY(!LastResult::read(layout()));
}

void TestHistory::refusals()
{
    VERIFY_RESULT(refuse(layout(), Refusal::Failed, "2.0"));
    VERIFY_RESULT(refuse(layout(), Refusal::Left, "3.0"));
    VERIFY_RESULT(refuse(layout(), Refusal::Failed, "2.1"));
    VERIFY_RESULT(refuse(layout(), Refusal::Failed, "2.0"));
    QCOMPARE(refusedVersions(layout(), Refusal::Failed), (Versions{"2.0", "2.1"}));
    QCOMPARE(refusedVersions(layout(), Refusal::Left), Versions{"3.0"});
}

void TestHistory::forgetsWhatWasInstalledAfterAll()
{
    for (const Refusal refusal : {Refusal::Failed, Refusal::Left}) {
        VERIFY_RESULT(refuse(layout(), refusal, "2.0"));
        VERIFY_RESULT(refuse(layout(), refusal, "3.0"));
    }
    VERIFY_RESULT(forgetRefusals(layout(), "2.0"));
    QCOMPARE(refusedVersions(layout(), Refusal::Failed), Versions{"3.0"});
    QCOMPARE(refusedVersions(layout(), Refusal::Left), Versions{"3.0"});
}

void TestHistory::unreadableRefusalsAreNone()
{
    writeText(layout().refused(), "rubbish");
    QCOMPARE(refusedVersions(layout(), Refusal::Failed), Versions());
    VERIFY_RESULT(refuse(layout(), Refusal::Failed, "2.0"));
    QCOMPARE(refusedVersions(layout(), Refusal::Failed), Versions{"2.0"});
}

void TestHistory::timeIsUtc()
{
    const QDateTime before = QDateTime::currentDateTimeUtc().addSecs(-1);
    const QString text = QString::fromStdString(Install::utcNow());
    const QDateTime time = QDateTime::fromString(text, Qt::ISODate);
    QVERIFY2(text.size() == 20 && text.endsWith(u'Z'), qPrintable(text));
    QVERIFY(time >= before && time <= QDateTime::currentDateTimeUtc());
}

QTEST_GUILESS_MAIN(TestHistory)
#include "tst_history.moc"
