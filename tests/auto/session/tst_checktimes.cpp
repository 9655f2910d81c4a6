// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/checktimes.h"

#include <QTest>

using namespace Freshen;
using namespace std::chrono_literals;

class TestCheckTimes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isAtThePlaceInTheInterval_data();
    void isAtThePlaceInTheInterval();
    void isNeitherSoonNorLate();
    void keepsItsPlace();
    void spreadsThoseThatStartTogether();
};

namespace {

constexpr auto day = std::chrono::seconds(24h);

QDateTime at(int hour, int dayOfMonth = 5)
{
    return QDateTime(QDate(2026, 1, dayOfMonth), QTime(hour, 0), Qt::UTC);
}

} // namespace

void TestCheckTimes::isAtThePlaceInTheInterval_data()
{
    QTest::addColumn<QDateTime>("last");
    QTest::addColumn<double>("place");
    QTest::addColumn<QDateTime>("next");
    QTest::newRow("tomorrow at noon") << at(12) << 0.5 << at(12, 6);
    QTest::newRow("at midnight") << at(0) << 0.0 << at(0, 6);
    QTest::newRow("half an interval is enough") << at(6) << 0.75 << at(18);
    QTest::newRow("less is not") << at(7) << 0.75 << at(18, 6);
    QTest::newRow("the place of this day is over") << at(20) << 0.25 << at(6, 7);
}

void TestCheckTimes::isAtThePlaceInTheInterval()
{
    QFETCH(QDateTime, last);
    QFETCH(double, place);
    QTEST(nextCheckTime(last, day, place), "next");
}

void TestCheckTimes::isNeitherSoonNorLate()
{
    for (int minute = 0; minute < 2880; minute += 7) {
        for (double place = 0; place < 1; place += 0.03) {
            const QDateTime last = at(0).addSecs(minute * 60);
            const qint64 seconds = last.secsTo(nextCheckTime(last, day, place));
            QVERIFY2(seconds >= 12 * 3600 - 1 && seconds <= 36 * 3600 + 1,
                     qPrintable(QString::number(seconds)));
        }
    }
}

void TestCheckTimes::keepsItsPlace()
{
    QDateTime time = nextCheckTime(at(9), 5min, 0.3);
    for (int i = 0; i < 1000; ++i) {
        const QDateTime next = nextCheckTime(time, 5min, 0.3);
        QCOMPARE(time.msecsTo(next), 300'000);
        time = next;
    }
}

// In every hour from half a day on, one in twenty-four.
void TestCheckTimes::spreadsThoseThatStartTogether()
{
    constexpr int installs = 24'000;
    QVector<int> perHour(24, 0);
    for (int i = 0; i < installs; ++i) {
        const QDateTime next = nextCheckTime(at(9), day, (i + 0.5) / installs);
        const qint64 hours = at(21).secsTo(next) / 3600;
        QVERIFY(hours >= 0 && hours < 24);
        ++perHour[int(hours)];
    }
    for (const int count : perHour)
        QVERIFY2(qAbs(count - installs / 24) <= 1, qPrintable(QString::number(count)));
}

QTEST_GUILESS_MAIN(TestCheckTimes)
#include "tst_checktimes.moc"
