// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/text/transferrate.h"

#include <QTest>

using namespace Freshen;

class TestTransferRate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysNothingTooEarly();
    void steady();
    void oneBurstIsSmoothed();
    void forgetsWhatIsLongAgo();
    void stalls();
    void beginsAgain();
};

void TestTransferRate::saysNothingTooEarly()
{
    TransferRate rate;
    QCOMPARE(rate.secondsLeft(100), -1);
    rate.add(0, 0);
    rate.add(500, 999);
    QCOMPARE(rate.bytesPerSecond(), 0.0);
    QCOMPARE(rate.secondsLeft(100), -1);
}

void TestTransferRate::steady()
{
    TransferRate rate;
    for (int i = 0; i <= 100; ++i)
        rate.add(i * 100, i * 50);
    QCOMPARE(rate.bytesPerSecond(), 2000.0);
    QCOMPARE(rate.secondsLeft(10'000), 5);
    QCOMPARE(rate.secondsLeft(10'001), 6);
}

void TestTransferRate::oneBurstIsSmoothed()
{
    TransferRate rate;
    for (int i = 0; i <= 4; ++i)
        rate.add(i * 1000, i * 1000);
    rate.add(9000, 5000); // 5000 in one second
    QCOMPARE(rate.bytesPerSecond(), 1800.0);
}

void TestTransferRate::forgetsWhatIsLongAgo()
{
    TransferRate rate;
    rate.add(0, 0);
    rate.add(1'000'000, 1000);
    for (int i = 2; i <= 20; ++i)
        rate.add(1'000'000 + i * 10, i * 1000);
    QCOMPARE(rate.bytesPerSecond(), 10.0);
}

void TestTransferRate::stalls()
{
    TransferRate rate;
    for (int i = 0; i <= 10; ++i)
        rate.add(500, i * 1000);
    QCOMPARE(rate.bytesPerSecond(), 0.0);
    QCOMPARE(rate.secondsLeft(1), -1);
}

void TestTransferRate::beginsAgain()
{
    TransferRate rate;
    rate.add(0, 0);
    rate.add(8000, 2000);
    rate.add(0, 3000);
    rate.add(100, 4000);
    QCOMPARE(rate.bytesPerSecond(), 100.0);
}

QTEST_GUILESS_MAIN(TestTransferRate)
#include "tst_transferrate.moc"
