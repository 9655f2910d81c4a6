// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/power.h"

#include "platform/file.h"

#include "tests/support/resultcheck.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Freshen;

namespace fs = std::filesystem;

class TestPower : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isOnBattery_data();
    void isOnBattery();
    void nobodyKnows();
};

void TestPower::isOnBattery_data()
{
    QTest::addColumn<QStringList>("supplies"); // "attribute=value …" of each
    QTest::addColumn<bool>("expected");
    const auto row = [](const char *name, const QStringList &supplies, bool expected) {
        QTest::newRow(name) << supplies << expected;
    };
    const QString used = QStringLiteral("type=Battery status=Discharging");
    const QString full = QStringLiteral("type=Battery status=Full");
    const QString mouse = QStringLiteral("type=Battery status=Discharging scope=Device");
    const QString plugged = QStringLiteral("type=Mains online=1");
    const QString unplugged = QStringLiteral("type=Mains online=0");
    row("desktop", {}, false);
    row("desktop that tells", {plugged}, false);
    row("on its way", {used, unplugged}, true);
    row("at the desk", {full, plugged}, false);
    row("charging", {QStringLiteral("type=Battery status=Charging"), plugged}, false);
    row("too weak a charger", {used, plugged}, false);
    row("charger first", {plugged, used}, false);
    row("kept from charging", {QStringLiteral("type=Battery status=Not_charging"), unplugged},
        false);
    row("tells of no charger", {used}, true);
    row("the second of two", {full, used, unplugged}, true);
    row("USB", {used, QStringLiteral("type=USB online=1")}, false);
    row("programmable USB", {used, QStringLiteral("type=USB online=2")}, false);
    row("unplugged USB", {used, QStringLiteral("type=USB online=0")}, true);
    row("stored power for the desk", {QStringLiteral("type=UPS status=Discharging")}, true);
    row("mouse", {mouse}, false);
    row("mouse at the desk", {mouse, full, plugged}, false);
    row("mouse on its way", {mouse, used, unplugged}, true);
    row("charger of a headset", {used, QStringLiteral("type=USB online=1 scope=Device")}, true);
    row("says nothing", {QStringLiteral("model=x")}, false);
}

void TestPower::isOnBattery()
{
    QFETCH(QStringList, supplies);
    QFETCH(bool, expected);
    const QTemporaryDir folder;
    // As the kernel does it: links to folders with a file for each attribute.
    const fs::path root = folder.path().toStdString();
    const fs::path devices = root / "devices";
    fs::create_directories(root / "class");
    for (qsizetype i = 0; i < supplies.size(); ++i) {
        const fs::path device = devices / std::to_string(i);
        VERIFY_RESULT(Platform::makeDirectories(device));
        fs::create_directory_symlink(device, root / "class" / std::to_string(i));
        for (const QString &attribute : supplies[i].split(u' ')) {
            const std::string name = attribute.section(u'=', 0, 0).toStdString();
            const std::string value = attribute.section(u'=', 1).toStdString() + "\n";
            VERIFY_RESULT(Platform::writeFileDurably(device / name, value));
        }
    }
    QCOMPARE(Platform::isOnBattery(root / "class"), expected);
}

void TestPower::nobodyKnows()
{
    QVERIFY(!Platform::isOnBattery("/nonexistent"));
}

QTEST_GUILESS_MAIN(TestPower)
#include "tst_power.moc"
