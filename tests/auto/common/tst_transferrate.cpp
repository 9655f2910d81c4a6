// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/common/transferrate.h"

#include <QTest>

using namespace Freshen;

class TestTransferRate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysNothingTooEarly();
    void steady();
    void withoutATotal();
    void oneBurstIsSmoothed();
    void forgetsWhatIsLongAgo();
    void stalls();
    void beginsAgain();
    void whatWasThereDoesNotCount();
    void interruptionsDoNotCount();
};

void TestTransferRate::saysNothingTooEarly()
{
    TransferRate rate;
    QCOMPARE(rate.secondsLeft(), -1);
    rate.add(0, 600, 0);
    rate.add(500, 600, 999);
    QCOMPARE(rate.bytesPerSecond(), 0.0);
    QCOMPARE(rate.secondsLeft(), -1);
}

void TestTransferRate::steady()
{
    TransferRate rate;
    for (int i = 0; i <= 100; ++i)
        rate.add(i * 100, 20'000, i * 50);
    QCOMPARE(rate.bytesPerSecond(), 2000.0);
    QCOMPARE(rate.secondsLeft(), 5);
    rate.add(10'000, 20'001, 5000);
    QCOMPARE(rate.secondsLeft(), 6);
}

void TestTransferRate::withoutATotal()
{
    TransferRate rate;
    rate.add(0, 0, 0);
    rate.add(1000, 0, 1000);
    rate.add(3000, 0, 2000);
    QCOMPARE(rate.bytesPerSecond(), 2000.0);
    QCOMPARE(rate.secondsLeft(), -1);
}

void TestTransferRate::oneBurstIsSmoothed()
{
    TransferRate rate;
    for (int i = 0; i <= 4; ++i)
        rate.add(i * 1000, 10'000, i * 1000);
    rate.add(9000, 10'000, 5000); // 5000 in one second
    QCOMPARE(rate.bytesPerSecond(), 1800.0);
}

void TestTransferRate::forgetsWhatIsLongAgo()
{
    TransferRate rate;
    rate.add(0, 2'000'000, 0);
    rate.add(1'000'000, 2'000'000, 1000);
    for (int i = 2; i <= 20; ++i)
        rate.add(1'000'000 + i * 10, 2'000'000, i * 1000);
    QCOMPARE(rate.bytesPerSecond(), 10.0);
}

void TestTransferRate::stalls()
{
    TransferRate rate;
    for (int i = 0; i <= 10; ++i)
        rate.add(500, 501, i * 1000);
    QCOMPARE(rate.bytesPerSecond(), 0.0);
    QCOMPARE(rate.secondsLeft(), -1);
}

void TestTransferRate::beginsAgain()
{
    TransferRate rate;
    rate.add(0, 9000, 0);
    rate.add(8000, 9000, 2000);
    rate.add(0, 9000, 3000);
    rate.add(100, 9000, 4000);
    QCOMPARE(rate.bytesPerSecond(), 100.0);
}

// As a download does that goes on with what an earlier one left.
void TestTransferRate::whatWasThereDoesNotCount()
{
    TransferRate rate;
    rate.add(0, 0, 0);
    rate.add(8'000'000, 9'000'000, 1000);
    QCOMPARE(rate.bytesPerSecond(), 0.0);
    rate.add(8'001'000, 9'000'000, 2000);
    QCOMPARE(rate.bytesPerSecond(), 1000.0);
    QCOMPARE(rate.secondsLeft(), 999);
}

void TestTransferRate::interruptionsDoNotCount()
{
    TransferRate rate;
    rate.add(0, 10'000, 0);
    rate.add(2000, 10'000, 2000);
    rate.interrupt();
    QCOMPARE(rate.bytesPerSecond(), 0.0);
    QCOMPARE(rate.secondsLeft(), -1);
    rate.add(2000, 10'000, 4000);
    rate.add(4000, 10'000, 6000);
    QCOMPARE(rate.bytesPerSecond(), 1000.0);
    QCOMPARE(rate.secondsLeft(), 6);
}

QTEST_GUILESS_MAIN(TestTransferRate)
#include "tst_transferrate.moc"
