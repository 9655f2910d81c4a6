// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/support/virtualclock.h"
#include "tests/support/waituntil.h"

#include <Freshen/supervisor.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// How often a supervisor looks at its source.
class TestLookInterval : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void jitterAndFloor_data();
    void jitterAndFloor();
};

void TestLookInterval::jitterAndFloor_data()
{
    QTest::addColumn<int>("seconds");
    QTest::addColumn<int>("shortest"); // ms
    QTest::addColumn<int>("longest");
    QTest::newRow("overseer_interval: ten percent more or less") << 100 << 90'000 << 110'000;
    QTest::newRow("overseer_interval: never under a second") << 0 << 1'000 << 1'100;
}

void TestLookInterval::jitterAndFloor()
{
    QFETCH(const int, seconds);
    QFETCH(const int, shortest);
    QFETCH(const int, longest);
    VirtualClock clock;
    QTemporaryDir folder;
    std::atomic<int> looks = 0;
    SupervisorOptions options;
    options.program = folder.filePath(u"program"_s);
    QVERIFY(QFile::copy(u"/bin/sleep"_s, options.program));
    options.command = {options.program, u"1000"_s};
    options.allowsUnsigned = true;
    options.interval = std::chrono::seconds(seconds);
    options.controlPath = folder.filePath(u"control"_s);
    options.sourceFunction = [&](UpdateError *) {
        ++looks;
        return std::optional<SupervisorOptions::Build>();
    };
    Supervisor supervisor(options);
    const UpdateError error = supervisor.start();
    QVERIFY2(!error.isError(), qPrintable(error.message()));
    const auto isOver = [&](int count) {
        return waitUntil([&] {
            return looks == count && supervisor.status()[u"task"_s] == u"idle"_s;
        });
    };
    QVERIFY(isOver(1));
    QList<QDateTime> times{clock.now()};
    const std::chrono::milliseconds all{longest * 30};
    clock.pass(all, [&] {
        QVERIFY(isOver(int(times.size()) + 1));
        times += clock.now();
    });
    QVERIFY(times.size() > 30);
    QList<qint64> pauses;
    for (int i = 1; i < times.size(); ++i)
        pauses += times[i - 1].msecsTo(times[i]);
    std::sort(pauses.begin(), pauses.end());
    QVERIFY2(pauses.first() >= shortest, qPrintable(QString::number(pauses.first())));
    QVERIFY2(pauses.last() <= longest, qPrintable(QString::number(pauses.last())));
    QVERIFY(pauses.last() - pauses.first() > (longest - shortest) / 4);
}

QTEST_GUILESS_MAIN(TestLookInterval)
#include "tst_lookinterval.moc"
