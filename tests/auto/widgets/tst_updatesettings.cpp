// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/widgets/dialogfixture.h"

#include "lib/freshness/freshnessstore.h"
#include "lib/session/installation.h"

#include <Freshen/UpdateSettings>

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QTest>

#include <unistd.h>

using namespace Freshen;

class TestUpdateSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void boxes_data();
    void boxes();
    void othersNeedChecks();
    void interval();
    void lastCheck();
    void acc026_cannotConfirm();
    void checksNow();
    void administratorDecides();
    void disabledWithoutDescription();
    void outlivesTheUpdater();
};

void TestUpdateSettings::boxes_data()
{
    QTest::addColumn<QByteArray>("property");
    for (const char *property : {"automaticallyChecks", "automaticallyDownloads", "avoidsBattery",
                                 "avoidsMeteredNetworks"})
        QTest::newRow(property) << QByteArray(property);
}

// Each box is named after its property.
void TestUpdateSettings::boxes()
{
    QFETCH(QByteArray, property);
    DialogFixture fixture;
    Updater &updater = fixture.updater();
    updater.setAutomaticallyChecks(true);
    UpdateSettings settings(&updater);
    auto *box = settings.findChild<QCheckBox *>(QLatin1String(property));
    QVERIFY(box);
    for (const bool on : {true, false, true}) {
        updater.setProperty(property, on);
        QCOMPARE(box->isChecked(), on);
        box->click();
        QCOMPARE(updater.property(property).toBool(), !on);
        updater.setAutomaticallyChecks(true);
    }
}

void TestUpdateSettings::othersNeedChecks()
{
    DialogFixture fixture;
    UpdateSettings settings(&fixture.updater());
    for (const bool on : {false, true, false}) {
        fixture.updater().setAutomaticallyChecks(on);
        for (const char *name :
             {"automaticallyDownloads", "avoidsBattery", "avoidsMeteredNetworks", "checkInterval"})
            QCOMPARE(settings.findChild<QWidget *>(QLatin1String(name))->isEnabled(), on);
        QVERIFY(
            settings.findChild<QCheckBox *>(QStringLiteral("automaticallyChecks"))->isEnabled());
        QVERIFY(settings.findChild<QPushButton *>()->isEnabled());
    }
}

void TestUpdateSettings::interval()
{
    QLocale::setDefault(QLocale::c());
    DialogFixture fixture;
    fixture.updater().setAutomaticallyChecks(true);
    UpdateSettings settings(&fixture.updater());
    auto *box = settings.findChild<QComboBox *>();
    QCOMPARE(box->currentText(), QStringLiteral("Daily"));
    fixture.updater().setCheckInterval(7 * 24 * 3600);
    QCOMPARE(box->currentText(), QStringLiteral("Weekly"));
    QCOMPARE(box->count(), 3);
    QTest::keyClick(box, Qt::Key_Down);
    QCOMPARE(box->currentText(), QStringLiteral("Monthly"));
    QCOMPARE(fixture.updater().checkInterval(), 30 * 24 * 3600);
    fixture.updater().setCheckInterval(3 * 24 * 3600);
    QCOMPARE(box->currentText(), QStringLiteral("Every 3 days"));
    fixture.updater().setCheckInterval(5400);
    QCOMPARE(box->currentText(), QStringLiteral("Every 1.5 hours"));
    fixture.updater().setCheckInterval(1); // an hour at least
    QCOMPARE(box->currentText(), QStringLiteral("Hourly"));
}

void TestUpdateSettings::lastCheck()
{
    QLocale::setDefault(QLocale::c());
    const QDateTime time(QDate(2026, 3, 12), QTime(9, 30));
    DialogFixture fixture;
    UpdateSettings settings(&fixture.updater());
    auto *label = settings.findChild<QLabel *>(QStringLiteral("lastCheck"));
    QVERIFY(label->text().contains(QLatin1String("never")));
    fixture.settings().setValue(QStringLiteral("Freshen/LastCheckTime"), time);
    Q_EMIT fixture.updater().settingsChanged();
    QCOMPARE(label->text(),
             QStringLiteral("Last check: ") + QLocale().toString(time, QLocale::ShortFormat));
}

void TestUpdateSettings::acc026_cannotConfirm()
{
    const QTemporaryDir state;
    qputenv("XDG_STATE_HOME", state.path().toUtf8());
    DialogFixture earlier;
    const auto app = Installation::open(earlier.appDirectory());
    QVERIFY(app.has_value());
    const QDateTime now = earlier.clock().now();
    const FreshnessRecord record{1, QString(64, u'0'), now, now.addSecs(60)};
    const QByteArray signer(reinterpret_cast<const char *>(app->keys.front().bytes().data()), 32);
    QVERIFY(FreshnessStore().keep(app->description.product, signer, record).has_value());
    DialogFixture fixture;
    fixture.settings().setValue(QStringLiteral("Freshen/LastCheckTime"), now);
    UpdateSettings settings(&fixture.updater());
    auto *label = settings.findChild<QLabel *>(QStringLiteral("lastCheck"));
    QVERIFY(!label->text().contains(QLatin1String("cannot be confirmed")));
    fixture.clock().sleep(std::chrono::seconds(61));
    Q_EMIT fixture.updater().settingsChanged();
    QVERIFY(label->text().contains(QLatin1String("cannot be confirmed")));
    qunsetenv("XDG_STATE_HOME");
}

void TestUpdateSettings::checksNow()
{
    DialogFixture fixture(nullptr, QStringLiteral("http://127.0.0.1:1/appcast.xml"));
    UpdateSettings settings(&fixture.updater());
    auto *button = settings.findChild<QPushButton *>();
    button->click();
    QCOMPARE(fixture.updater().state(), Updater::State::Checking);
    QVERIFY(!button->isEnabled());
    fixture.updater().cancel();
    QTRY_VERIFY(button->isEnabled());
}

void TestUpdateSettings::administratorDecides()
{
    if (::geteuid() != 0)
        QSKIP("Only an administrator may decide");
    const AdministratorsPolicy policy(
        R"({"*": {"automaticallyChecks": true, "automaticallyDownloads": false}})");
    DialogFixture fixture;
    UpdateSettings settings(&fixture.updater());
    for (const char *name : {"automaticallyChecks", "automaticallyDownloads"}) {
        auto *box = settings.findChild<QCheckBox *>(QLatin1String(name));
        QVERIFY(!box->isEnabled());
        QVERIFY(box->toolTip().contains(QLatin1String("administrator")));
        QCOMPARE(box->accessibleDescription(), box->toolTip());
    }
    QVERIFY(settings.findChild<QCheckBox *>(QStringLiteral("automaticallyChecks"))->isChecked());
    auto *free = settings.findChild<QCheckBox *>(QStringLiteral("avoidsBattery"));
    QVERIFY(free->isEnabled());
    QVERIFY(free->toolTip().isEmpty());
}

void TestUpdateSettings::disabledWithoutDescription()
{
    const QTemporaryDir folder;
    Updater updater;
    updater.setApplicationDirectory(folder.path());
    const UpdateSettings settings(&updater);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("Updates are off")));
    QVERIFY(!updater.start());
    QVERIFY(!settings.isEnabled());
}

void TestUpdateSettings::outlivesTheUpdater()
{
    auto fixture = std::make_unique<DialogFixture>();
    UpdateSettings settings(&fixture->updater());
    QVERIFY(settings.isEnabled());
    fixture.reset();
    QVERIFY(!settings.isEnabled());
    settings.findChild<QCheckBox *>()->click();
}

QTEST_MAIN(TestUpdateSettings)
#include "tst_updatesettings.moc"
