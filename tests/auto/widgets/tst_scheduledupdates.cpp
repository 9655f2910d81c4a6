// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What nobody asked for: shown when it suits, never with the keyboard, and never forgotten.

#include "tests/auto/widgets/dialogfixture.h"
#include "tests/auto/widgets/samplepages.h"

#include <QApplication>
#include <QTest>
#include <QTextEdit>
#include <QTimer>

using namespace Freshen;
using namespace std::chrono_literals;

using Choice = UserDriver::Choice;
using InstallTime = UserDriver::InstallTime;
using Permission = UserDriver::Permission;
using Phase = UserDriver::Phase;
using Ask = std::function<void(UserDriver &)>;

namespace {

// The person was elsewhere and is back.
void comeBack()
{
    Q_EMIT qApp->applicationStateChanged(Qt::ApplicationInactive);
    Q_EMIT qApp->applicationStateChanged(Qt::ApplicationActive);
}

} // namespace

class TestScheduledUpdates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void questionsWait_data();
    void questionsWait();
    void askingBringsThem_data();
    void askingBringsThem();
    void answersToAPersonDoNotWait();
    void readyAfterInstallDoesNotWait();
    void resultIsReadFirst();
    void notesArriveWhileItWaits();
    void dismissedBeforeItsTime();
    void keepsQuiet_data();
    void keepsQuiet();
    void keepsQuietAfterNews();
    void asksPermissionNevertheless();
    void quittingMeansOnQuit_data();
    void quittingMeansOnQuit();

private:
    void questions();
};

void TestScheduledUpdates::initTestCase()
{
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Notes"));
    QApplication::setQuitOnLastWindowClosed(false);
}

void TestScheduledUpdates::questions()
{
    QTest::addColumn<Ask>("ask");
    QTest::addColumn<QByteArray>("button");
    QTest::newRow("find") << Ask([](UserDriver &driver) {
        driver.showUpdateFound(sampleRelease(), false, [](auto) {});
    }) << QByteArray("installButton");
    QTest::newRow("reminder") << Ask([](UserDriver &driver) {
        driver.showReadyToInstall(sampleRelease(), [](auto) {});
    }) << QByteArray("restartButton");
}

void TestScheduledUpdates::questionsWait_data()
{
    questions();
    QTest::newRow("permission") << Ask([](UserDriver &driver) {
        driver.askPermission([](auto) {});
    }) << QByteArray("allowButton");
}

void TestScheduledUpdates::questionsWait()
{
    QFETCH(Ask, ask);
    QFETCH(QByteArray, button);
    for (const bool isBack : {true, false}) {
        DialogFixture fixture;
        fixture.clock().pass(4s);
        comeBack();
        ask(fixture.driver());
        fixture.clock().pass(4min);
        QVERIFY(!fixture.isVisible());
        if (isBack)
            comeBack();
        else
            fixture.clock().pass(1min);
        QVERIFY(fixture.isVisible());
        QVERIFY(fixture.button(button));
        QVERIFY(fixture.window()->testAttribute(Qt::WA_ShowWithoutActivating));
    }
}

void TestScheduledUpdates::askingBringsThem_data()
{
    questions();
}

void TestScheduledUpdates::askingBringsThem()
{
    QFETCH(Ask, ask);
    QFETCH(QByteArray, button);
    DialogFixture fixture;
    fixture.clock().pass(4s);
    ask(fixture.driver());
    fixture.driver().requestAttention();
    QVERIFY(fixture.button(button));
    QVERIFY(!fixture.window()->testAttribute(Qt::WA_ShowWithoutActivating));
    const QPointer<QAbstractButton> first = fixture.button(button);
    comeBack();
    fixture.clock().pass(1h);
    QCOMPARE(fixture.button(button), first.data()); // the same page still
    QVERIFY(fixture.act("Esc"));
    comeBack();
    QVERIFY(!fixture.isVisible());
}

void TestScheduledUpdates::answersToAPersonDoNotWait()
{
    DialogFixture fixture;
    fixture.clock().pass(4s);
    fixture.driver().showProgress(Phase::Checking, 0, 0);
    fixture.driver().showUpdateFound(sampleRelease(), true, [](auto) {});
    QVERIFY(fixture.button("installButton"));
    QVERIFY(!fixture.window()->testAttribute(Qt::WA_ShowWithoutActivating));
}

void TestScheduledUpdates::readyAfterInstallDoesNotWait()
{
    DialogFixture fixture;
    fixture.clock().pass(4s);
    fixture.driver().showUpdateFound(sampleRelease(), true, [](auto) {});
    QVERIFY(fixture.act("installButton"));
    fixture.driver().showReadyToInstall(sampleRelease(), [](auto) {});
    QVERIFY(fixture.button("restartButton"));
}

void TestScheduledUpdates::resultIsReadFirst()
{
    DialogFixture fixture;
    fixture.clock().pass(4s);
    fixture.driver().showUpdateFound(sampleRelease(), false, [](auto) {});
    fixture.driver().showUpdated(QStringLiteral("0.9"), plainRelease(QStringLiteral("1.0.0")));
    comeBack();
    QVERIFY(!fixture.button("installButton"));
    QVERIFY(fixture.act("closeButton"));
    QVERIFY(fixture.button("installButton"));
}

void TestScheduledUpdates::notesArriveWhileItWaits()
{
    DialogFixture fixture;
    fixture.clock().pass(4s);
    fixture.driver().showUpdateFound(sampleRelease(), false, [](auto) {});
    fixture.driver().showReleaseNotes(QStringLiteral("fast"), Release::NotesFormat::PlainText);
    comeBack();
    QCOMPARE(fixture.find<QTextEdit>("notes")->toPlainText(), QStringLiteral("fast"));
}

void TestScheduledUpdates::dismissedBeforeItsTime()
{
    DialogFixture fixture;
    fixture.clock().pass(4s);
    Answers<InstallTime> answers;
    fixture.driver().showReadyToInstall(sampleRelease(), answers.reply());
    fixture.driver().dismiss();
    comeBack();
    fixture.clock().pass(1h);
    QVERIFY(!fixture.isVisible());
    QCOMPARE(answers.given.size(), 0);
}

void TestScheduledUpdates::keepsQuiet_data()
{
    questions();
}

void TestScheduledUpdates::keepsQuiet()
{
    QFETCH(Ask, ask);
    QFETCH(QByteArray, button);
    DialogFixture fixture;
    fixture.dialogs().setShowsScheduledUpdates(false);
    ask(fixture.driver());
    fixture.clock().pass(4s);
    comeBack();
    fixture.clock().pass(1h);
    QVERIFY(!fixture.isVisible());
    fixture.driver().requestAttention();
    QVERIFY(fixture.button(button));
    QVERIFY(!fixture.window()->testAttribute(Qt::WA_ShowWithoutActivating));
}

void TestScheduledUpdates::keepsQuietAfterNews()
{
    DialogFixture fixture;
    fixture.dialogs().setShowsScheduledUpdates(false);
    fixture.driver().showUpdated(QStringLiteral("0.9"), plainRelease(QStringLiteral("1.0.0")));
    fixture.driver().showUpdateFound(sampleRelease(), false, [](auto) {});
    QVERIFY(fixture.act("closeButton"));
    QVERIFY(!fixture.isVisible());
    fixture.driver().requestAttention();
    QVERIFY(fixture.button("installButton"));
}

void TestScheduledUpdates::asksPermissionNevertheless()
{
    DialogFixture fixture;
    fixture.dialogs().setShowsScheduledUpdates(false);
    fixture.driver().askPermission([](auto) {});
    QVERIFY(fixture.button("allowButton"));
}

void TestScheduledUpdates::quittingMeansOnQuit_data()
{
    QTest::addColumn<bool>("isShown");
    QTest::newRow("while it is shown") << true;
    QTest::newRow("while it waits") << false;
}

// What was going to be installed on quit is not lost by asking once more.
void TestScheduledUpdates::quittingMeansOnQuit()
{
    QFETCH(bool, isShown);
    DialogFixture fixture;
    if (!isShown)
        fixture.clock().pass(4s);
    Answers<InstallTime> times;
    fixture.driver().showReadyToInstall(sampleRelease(), times.reply());
    QCOMPARE(fixture.isVisible(), isShown);
    QTimer::singleShot(0, this, [] { QCoreApplication::exit(7); });
    QCOMPARE(QApplication::exec(), 7);
    QCOMPARE(times.given, QList<InstallTime>{InstallTime::OnQuit});
    Answers<Choice> choices;
    fixture.driver().showUpdateFound(sampleRelease(), false, choices.reply());
    QTimer::singleShot(0, this, [] { QCoreApplication::exit(7); });
    QCOMPARE(QApplication::exec(), 7);
    QCOMPARE(times.given.size(), 1);
    QCOMPARE(choices.given.size(), 0);
}

QTEST_MAIN(TestScheduledUpdates)
#include "tst_scheduledupdates.moc"
